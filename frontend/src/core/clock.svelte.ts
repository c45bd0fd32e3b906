/** One clock for all screens: the server's time at the server's rate, ticking for everything that shows an age. */
/** A device clock that is off by less is taken as right. */
const SMALL_MS = 2000;
/** No frame is on its way so long: a larger step means that the server's clock was set anew. */
const SET_ANEW_MS = 60_000;
/** Ages leap less so when a demo runs fast. */
const FAST_TICK_MS = 250;

export class Clock {
  /** Server Unix ms at the last tick; read it in templates. */
  now_ms = $state(Date.now());
  /** Server seconds in a real one: 1, unless a demo runs faster. */
  rate = $state(1);
  private offset_ms = 0;
  private known = false;
  private guessed = false;
  private held_ms: number | null = null;

  /** Start ticking; returns the way to stop. */
  begin(): () => void {
    const tick = (): void => {
      this.now_ms = this.read();
      timer = setTimeout(tick, this.rate === 1 ? 1000 : FAST_TICK_MS);
    };
    let timer = setTimeout(tick, 1000);
    return () => clearTimeout(timer);
  }

  /** Server Unix ms right now. */
  read(): number {
    return this.held_ms ?? this.of(Date.now());
  }

  /** Show this moment and no other until the next call: in a recording every age is counted from there. */
  hold(at_ms: number): void {
    this.held_ms = at_ms;
    this.now_ms = at_ms;
  }

  /** Go on with the server's time. */
  letGo(): void {
    this.held_ms = null;
    this.now_ms = this.read();
  }

  private of(device_ms: number): number {
    return device_ms * this.rate + this.offset_ms;
  }

  /**
   * A moment that this device tells, in the server's time. Some positions carry the satellites' time, which needs no help:
   * what is nearer to the server's now than to the device's stays as it is.
   */
  correct(device_ms: number, device_now_ms = Date.now()): number {
    const server_now_ms = this.of(device_now_ms);
    if (!this.known || (this.rate === 1 && Math.abs(server_now_ms - device_now_ms) < SMALL_MS)) return device_ms;
    const own = this.rate !== 1 || Math.abs(device_ms - device_now_ms) <= Math.abs(device_ms - server_now_ms);
    return own ? this.of(device_ms) : device_ms;
  }

  /** Server minus device, ms, as known from the server at this rate; null before it said anything. */
  get learned_ms(): number | null {
    return this.known && !this.guessed ? this.offset_ms : null;
  }

  /** How wrong this device was when the server last spoke to it: better than nothing until it speaks again. */
  guess(offset_ms: number): void {
    if (this.known || !Number.isFinite(offset_ms)) return;
    [this.offset_ms, this.known, this.guessed] = [offset_ms, true, true];
    this.now_ms = this.read();
  }

  /**
   * Learn the server's time from a frame: the smallest delay seen is the best guess, drift is followed slowly.
   * A frame that names the rate was made just now: a large step in it means that the server's clock was set anew.
   */
  learn(server_iso: string, rate?: number): void {
    const offset = Date.parse(server_iso) - Date.now() * (rate ?? this.rate);
    if (Number.isNaN(offset)) return;
    const anew = rate !== undefined && (rate !== this.rate || Math.abs(offset - this.offset_ms) > SET_ANEW_MS * rate);
    const nearer = !this.known || this.guessed || anew || offset > this.offset_ms;
    this.rate = rate ?? this.rate;
    this.offset_ms = nearer ? offset : this.offset_ms + (offset - this.offset_ms) * 0.02;
    this.known = true;
    this.guessed = false;
  }
}

export const clock = new Clock();
