/**
 * A new version of the app: fetched by itself, told, and put in place when nobody is in the middle of something, in no tab. What was
 * pressed lies in the database and is the next version's to send.
 */
const BUSY = 'nearcast.officer.busy';
const LOOK_EVERY_MS = 15 * 60_000;
/** So long untouched, a page that shows no order may be loaded anew. */
const STILL_MS = 20_000;
const WATCH_MS = 5000;

type Scope = Pick<ServiceWorkerContainer, 'controller' | 'register' | 'addEventListener'>;

export class Update {
  /** True while a new version waits. */
  ready = $state(false);
  private registration: ServiceWorkerRegistration | null = null;
  private touched_ms = Date.now();
  private release: (() => void) | null = null;
  private going = false;

  constructor(
    private readonly workers: Scope | undefined = navigator.serviceWorker as Scope | undefined,
    private readonly locks: LockManager | undefined = navigator.locks as LockManager | undefined,
    private readonly reload: () => void = () => location.reload(),
  ) {}

  /** Register the worker and look for a newer one now and then. Returns the way to stop. */
  begin(): () => void {
    if (!this.workers) return () => undefined;
    this.workers.register('/officer-worker.js', { scope: '/officer', updateViaCache: 'none' }).then((registration) => this.follow(registration), (failure: unknown) => {
      console.warn('no offline shell:', failure);
    });
    this.workers.addEventListener('controllerchange', () => {
      if (this.going) this.reload();
    });
    const look = setInterval(() => void this.registration?.update().catch(() => undefined), LOOK_EVERY_MS);
    const watch = setInterval(() => this.whenStill(), WATCH_MS);
    return () => [look, watch].forEach(clearInterval);
  }

  /** Say whether somebody is in the middle of something in this tab: then no tab swaps the code. */
  busy(now: boolean): void {
    if (!now) {
      this.release?.();
      this.release = null;
    } else if (!this.release) {
      const held = new Promise<void>((resolve) => (this.release = resolve));
      void this.locks?.request(BUSY, { mode: 'shared' }, () => held);
    }
  }

  touched(): void {
    this.touched_ms = Date.now();
  }

  /** Put the new version in place now, unless this or another tab is busy; false when it goes on waiting. */
  async apply(): Promise<boolean> {
    const waiting = this.registration?.waiting;
    if (!waiting || this.release) return false;
    const go = (): boolean => {
      this.going = true;
      waiting.postMessage('go');
      return true;
    };
    if (!this.locks) return go();
    return this.locks.request(BUSY, { ifAvailable: true }, (lock) => (lock ? go() : false)) as Promise<boolean>;
  }

  private whenStill(): void {
    const still = document.visibilityState === 'hidden' || Date.now() - this.touched_ms > STILL_MS;
    if (this.ready && still) void this.apply();
  }

  /** `registration` is missing where a browser lets nobody register a worker and does not say so. */
  private follow(registration: ServiceWorkerRegistration | undefined): void {
    if (!registration) return;
    this.registration = registration;
    const look = (): void => {
      // The very first worker takes over by itself: there is no older code to wait for.
      this.ready = registration.waiting !== null && this.workers?.controller != null;
    };
    const meet = (worker: ServiceWorker | null): void => worker?.addEventListener('statechange', look);
    meet(registration.installing);
    registration.addEventListener('updatefound', () => meet(registration.installing));
    look();
  }
}
