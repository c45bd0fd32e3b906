/** Positions that wait for a network: bounded, oldest thinned first, sent in batches, kept until the server has answered. */

/** One fix as /intake takes it. Degrees WGS-84, metres, metres a second, degrees clockwise from north. */
export interface PhoneFix {
  lon: number;
  lat: number;
  fix_at: string;
  accuracy_m?: number;
  speed_mps?: number;
  heading_deg?: number;
}

/** The parts of a browser position that are used. */
export interface BrowserPosition {
  timestamp: number;
  coords: { longitude: number; latitude: number; accuracy: number; speed: number | null; heading: number | null };
}

const known = (value: number | null | undefined): value is number => value !== null && value !== undefined && Number.isFinite(value);

/** A browser position as a fix; null when it has no place (some phones report NaN). */
export function toFix(position: BrowserPosition): PhoneFix | null {
  const { longitude, latitude, accuracy, speed, heading } = position.coords;
  if (!known(longitude) || !known(latitude)) return null;
  const fix: PhoneFix = { lon: longitude, lat: latitude, fix_at: new Date(position.timestamp).toISOString() };
  if (known(accuracy)) fix.accuracy_m = Math.round(accuracy * 10) / 10;
  if (known(speed) && speed >= 0) fix.speed_mps = Math.round(speed * 10) / 10;
  if (known(heading)) fix.heading_deg = Math.round(heading) % 360;
  return fix;
}

/** Why the server took none of a batch: the code of its newest fix, or '' when it took (or already had) any of them. */
export function refusalOf(answer: unknown): string {
  const said = answer as { results?: { result: string; reason: string }[]; error?: { code: string } } | null;
  if (said?.error) return said.error.code;
  const results = said?.results ?? [];
  return results.length && results.every(({ result }) => result === 'refused') ? results[results.length - 1]!.reason : '';
}

const MOVING_MPS = 1;

/**
 * A fresh answer of a standing phone, true now. Platforms answer a fresh asking with the old moment while nothing moved;
 * the same place as last time and no speed then means "still here". A phone that was moving keeps its old moment, so it ages.
 */
export function affirmed(answer: BrowserPosition, last: PhoneFix | null, now_ms = Date.now()): BrowserPosition {
  const { longitude, latitude } = answer.coords;
  const same = last !== null && last.lon === longitude && last.lat === latitude;
  const stood = (last?.speed_mps ?? 0) <= MOVING_MPS;
  return same && stood && answer.timestamp <= Date.parse(last.fix_at) ? { timestamp: now_ms, coords: answer.coords } : answer;
}

export class FixBuffer {
  private fixes: PhoneFix[] = [];
  private last_at = '';

  /** `limit`: most fixes kept; `batch`: most fixes sent at once. */
  constructor(private readonly limit = 1800, private readonly batch = 100) {}

  get size(): number {
    return this.fixes.length;
  }

  /** Keep a fix; the same moment twice, or a step back in time, is ignored. */
  add(fix: PhoneFix): boolean {
    if (fix.fix_at <= this.last_at) return false;
    this.last_at = fix.fix_at;
    this.fixes.push(fix);
    if (this.fixes.length > this.limit) this.thin();
    return true;
  }

  /** Everything that waits, oldest first. */
  all(): readonly PhoneFix[] {
    return this.fixes;
  }

  /** What an earlier page kept goes before everything, once. */
  restore(older: readonly PhoneFix[]): void {
    const known = new Set(this.fixes.map((fix) => fix.fix_at));
    this.fixes = [...older.filter((fix) => !known.has(fix.fix_at)), ...this.fixes];
    while (this.fixes.length > this.limit) this.thin();
  }

  /** The next fixes to send, oldest first. They stay until `done`. */
  next(): readonly PhoneFix[] {
    return this.fixes.slice(0, this.batch);
  }

  /** The server has answered for these: they are its business now. */
  done(sent: readonly PhoneFix[]): void {
    const answered = new Set(sent);
    this.fixes = this.fixes.filter((fix) => !answered.has(fix));
  }

  clear(): void {
    this.fixes = [];
    this.last_at = '';
  }

  /** Every second fix of the older half goes: a long outage stays a rough track instead of losing its beginning. */
  private thin(): void {
    const half = this.fixes.length >> 1;
    this.fixes = this.fixes.filter((_, i) => i >= half || i % 2 === 0);
  }
}
