/** When the phone gave no position because its screen was off or the page was away: told to the officer when he is back. */
const KEY = 'nearcast.officer.alive';
/** Shorter gaps happen with the screen on. */
const DARK_MS = 20_000;
const NOTE_EVERY_MS = 5000;

interface Alive {
  unit: string;
  at_ms: number;
}

export class Dark {
  /** Server Unix ms from and to; null when there is nothing to tell. */
  gap = $state.raw<{ from_ms: number; to_ms: number } | null>(null);
  private unit = '';
  private alive_ms: number | null = null;
  private noted_ms = 0;

  /** Duty with `unit` goes on in this page: a page that was closed or killed meanwhile was dark since its last sign of life. */
  begin(unit: string, now_ms: number): void {
    if (this.unit === unit) return;
    this.unit = unit;
    const kept = this.read();
    this.alive_ms = kept?.unit === unit ? kept.at_ms : null;
    this.alive(now_ms);
  }

  /** The page runs and looks for positions at `now_ms` (server Unix ms). */
  alive(now_ms: number): void {
    if (!this.unit) return;
    if (this.alive_ms !== null && now_ms - this.alive_ms > DARK_MS) {
      this.gap = { from_ms: this.gap?.from_ms ?? this.alive_ms, to_ms: now_ms };
    }
    this.alive_ms = Math.max(this.alive_ms ?? 0, now_ms);
    if (Math.abs(now_ms - this.noted_ms) < NOTE_EVERY_MS) return;
    this.noted_ms = now_ms;
    try {
      localStorage.setItem(KEY, JSON.stringify({ unit: this.unit, at_ms: this.alive_ms } satisfies Alive));
    } catch {
      // A full storage costs the memory across a reload only.
    }
  }

  understood(): void {
    this.gap = null;
  }

  /** Off duty: nobody looks, nothing is missed. */
  end(): void {
    this.unit = '';
    this.alive_ms = null;
    this.gap = null;
    localStorage.removeItem(KEY);
  }

  private read(): Alive | null {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? 'null') as Alive | null;
    } catch {
      return null;
    }
  }
}
