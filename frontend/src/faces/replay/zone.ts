/** Wall clocks of a zone and back: what a person types is local time of his centre. Pure. */

/** A zone's offset from UTC at a moment, in ms. */
function offsetMs(at_ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  }).formatToParts(at_ms);
  const get = (type: string): number => Number(parts.find((part) => part.type === type)!.value);
  return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second')) - Math.floor(at_ms / 1000) * 1000;
}

/** The moment of a wall clock ("2026-03-11", "21:05" or "21:05:30") in a zone; null when it is none. An hour that a clock change leaves out becomes the one after. */
export function momentIn(zone: string, day: string, clock: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !/^\d{2}:\d{2}(:\d{2})?$/.test(clock)) return null;
  const wall = Date.parse(`${day}T${clock.length === 5 ? `${clock}:00` : clock}Z`);
  if (Number.isNaN(wall)) return null;
  const guess = wall - offsetMs(wall, zone);
  return wall - offsetMs(guess, zone);
}

/** The local day of a moment, YYYY-MM-DD. */
export function dayIn(zone: string, at_ms: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at_ms);
}
