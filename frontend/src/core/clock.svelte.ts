/** One clock for all screens: the server's time, ticking once a second for everything that shows an age. */
/** A device clock that is off by less is taken as right. */
const SMALL_MS = 2000;

export class Clock {
  /** Server Unix ms at the last tick; read it in templates. */
  now_ms = $state(Date.now());
  private offset_ms = 0;
  private known = false;

  /** Start ticking; returns the way to stop. */
  begin(): () => void {
    const timer = setInterval(() => this.tick(), 1000);
    return () => clearInterval(timer);
  }

  /** Server Unix ms right now. */
  read(): number {
    return Date.now() + this.offset_ms;
  }

  /**
   * A moment that this device tells, in the server's time. Some positions carry the satellites' time, which needs no help:
   * what is nearer to the server's now than to the device's stays as it is.
   */
  correct(device_ms: number, device_now_ms = Date.now()): number {
    const off_ms = this.offset_ms;
    if (!this.known || Math.abs(off_ms) < SMALL_MS) return device_ms;
    const own = Math.abs(device_ms - device_now_ms) <= Math.abs(device_ms - device_now_ms - off_ms);
    return own ? device_ms + off_ms : device_ms;
  }

  /** Learn the server's time from a frame: the smallest delay seen is the best guess, drift is followed slowly. */
  learn(server_iso: string): void {
    const offset = Date.parse(server_iso) - Date.now();
    if (Number.isNaN(offset)) return;
    const nearer = !this.known || offset > this.offset_ms;
    this.offset_ms = nearer ? offset : this.offset_ms + (offset - this.offset_ms) * 0.02;
    this.known = true;
  }

  private tick(): void {
    this.now_ms = this.read();
  }
}

export const clock = new Clock();
