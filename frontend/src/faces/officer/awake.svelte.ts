/** The screen stays on while an order is under way: a browser tracks nothing with the screen off. */
export class Awake {
  /** True while the browser keeps the screen on for us. */
  held = $state(false);
  /** True when it was asked and would not (old browser, low battery, no https). */
  failed = $state(false);
  private lock: WakeLockSentinel | null = null;
  private wanted = false;

  constructor(private readonly wakeLock: WakeLock | undefined = navigator.wakeLock as WakeLock | undefined) {}

  /** Ask for it or give it back. Browsers take it away with every hiding of the page: ask again when it is visible. */
  want(on: boolean): void {
    this.wanted = on;
    if (!on) void this.lock?.release();
    else if (!this.lock) void this.ask();
    if (!on) this.failed = false;
  }

  private async ask(): Promise<void> {
    try {
      if (!this.wakeLock) throw new Error('no wake lock');
      const lock = await this.wakeLock.request('screen');
      this.lock = lock;
      this.held = true;
      this.failed = false;
      lock.addEventListener('release', () => {
        this.lock = null;
        this.held = false;
      });
      if (!this.wanted) await lock.release();
    } catch {
      this.failed = document.visibilityState === 'visible';
    }
  }
}
