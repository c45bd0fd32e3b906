/** One clock for all screens: the server's time, ticking once a second for everything that shows an age. */
class Clock {
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
