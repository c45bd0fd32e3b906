/** Times and lengths as the screens write them: tabular, never rounded up, never ambiguous. */

const two = (n: number): string => String(n).padStart(2, '0');

/** A running timer: 0:09, 9:59, 59:59, 1:02:03. Negative counts as zero. */
export function timer(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** An age as value and unit: "48 s" under a minute, then a timer: "1:12". */
export function age(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return whole < 60 ? `${whole} s` : timer(whole);
}

/** A length: "420 m" under a kilometre, else "1.4 km". */
export function metres(length_m: number): string {
  return length_m < 995 ? `${Math.round(length_m)} m` : `${(length_m / 1000).toFixed(1)} km`;
}

/** Seconds between an ISO time and now; null stays null. */
export function secondsSince(iso: string | null | undefined, now_ms: number): number | null {
  return iso ? (now_ms - Date.parse(iso)) / 1000 : null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(key: string, options: Intl.DateTimeFormatOptions, locale = 'en-GB'): Intl.DateTimeFormat {
  const made = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, made);
  return made;
}

/** Wall clock of a zone: 21:04:33. */
export function clockTime(when: number | string, zone: string): string {
  const at = typeof when === 'string' ? Date.parse(when) : when;
  const options: Intl.DateTimeFormatOptions = { timeZone: zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
  return format(`clock ${zone}`, options).format(at);
}

/** Wall clock without seconds: 21:04. */
export function clockMinute(when: number | string, zone: string): string {
  return clockTime(when, zone).slice(0, 5);
}

/** Day and wall clock of a zone: 03-11 21:04. */
export function dayTime(when: number | string, zone: string): string {
  const at = typeof when === 'string' ? Date.parse(when) : when;
  const day = format(`day ${zone}`, { timeZone: zone, month: '2-digit', day: '2-digit' }, 'en-CA').format(at);
  return `${day} ${clockMinute(at, zone)}`;
}

/** A zone's present offset: +08, −03, +05:30. */
export function zoneOffset(now_ms: number, zone: string): string {
  const parts = format(`zone ${zone}`, { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(now_ms);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const [hours, minutes] = (name.slice(3) || '+00:00').replace('-', '−').split(':');
  return minutes && minutes !== '00' ? `${hours}:${minutes}` : `${hours}`;
}

/** The last part of an incident number (S3-260311-0147 → 0147), which people say. */
export function tail(number: string): string {
  return number.slice(number.lastIndexOf('-') + 1);
}
