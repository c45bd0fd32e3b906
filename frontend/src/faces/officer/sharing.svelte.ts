/** Sharing the phone's position: on duty only, with the unit's device token, buffered while there is no network. */
import type { Api } from '../../core/api';
import { clock } from '../../core/clock.svelte';
import { affirmed, FixBuffer, refusalOf, toFix, type BrowserPosition, type PhoneFix } from './buffer';
import type { Dark } from './dark.svelte';
import { Tunnel, type FixStore } from './tunnel';

/** What the light says. `kept`: fixes wait on the phone; `insecure`: browsers give no position over plain http;
 * `refused`: another phone has the token; `rejected`: the server takes none of the fixes, `reason` says why. */
export type Light = 'off' | 'asking' | 'on' | 'kept' | 'denied' | 'no_fix' | 'insecure' | 'refused' | 'rejected';

const KEY = 'nearcast.device';
const EVERY_MS = 1000;
const REFUSALS = 4;
const SLOWEST_MS = 15_000;
const INTAKE = '/intake';
/** A standing phone reports nothing by itself: after this long it is asked, so that a true place does not look old. */
const ASK_AFTER_MS = 5000;

/** Most fixes in one request of the last word; the server takes 1,000. */
const LAST_BATCH = 500;

function sendFixes(token: string, fixes: readonly PhoneFix[]): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', Authorization: `Device ${token}` };
  const body = JSON.stringify({ fixes });
  return fetch(INTAKE, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000), credentials: 'omit' });
}

interface Kept {
  unit: string;
  token: string;
}

/** The browser's position with its moment in the server's time: a phone's wrong clock makes no fix old or future. */
const inServerTime = (at: BrowserPosition): BrowserPosition => ({ timestamp: clock.correct(at.timestamp), coords: at.coords });

export class Sharing {
  light = $state<Light>('off');
  /** Why the server takes no fix, as its code; '' while it takes them. */
  reason = $state('');
  accuracy_m = $state<number | null>(null);
  /** Browser Unix ms at which the server last took a fix; null before the first. */
  arrived_ms = $state<number | null>(null);
  waiting = $state(0);
  here = $state.raw<PhoneFix | null>(null);
  private readonly buffer = new FixBuffer();
  private readonly tunnel: Tunnel;
  private watch: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private token = '';
  private unit = '';
  private asked_ms = 0;
  private failures = 0;
  private refusals = 0;
  private running = false;

  constructor(
    private readonly api: Api,
    store: FixStore,
    private readonly dark: Dark,
    private readonly geolocation: Geolocation | undefined = navigator.geolocation,
    private readonly secure: boolean = isSecureContext,
  ) {
    this.tunnel = new Tunnel(store, this.buffer);
  }

  /** Go on duty with `unit`: enrol this phone unless it already is, watch the position, send each second. */
  begin(unit: string): void {
    if (this.running && this.unit === unit) return;
    if (this.running) this.end();
    this.running = true;
    this.unit = unit;
    if (!this.secure || !this.geolocation) {
      this.light = 'insecure';
      return;
    }
    this.light = 'asking';
    this.dark.begin(unit, clock.read());
    this.follow();
    // What an earlier page of this duty could not send goes before what this one finds.
    void this.tunnel.bringBack(unit).then(() => this.plan(0));
  }

  /** The page is hidden or goes: what waits is put away at once. */
  putAway(): void {
    if (this.running) this.tunnel.keep(this.unit, true);
  }

  /** Watch the position, from anew when a watch runs: a new watch answers at once, one that runs only when something moves. */
  private follow(): void {
    if (this.watch !== null) this.geolocation?.clearWatch(this.watch);
    this.watch = this.geolocation?.watchPosition((at) => this.take(affirmed(inServerTime(at), this.here, clock.read())), (failure) => this.lost(failure), {
      enableHighAccuracy: true, maximumAge: 0, timeout: 30_000,
    }) ?? null;
  }

  /** The network is back: what waits goes at once, not after the pause that failures earned. */
  hurry(): void {
    if (this.timer === undefined) return;
    this.failures = 0;
    this.plan(0);
  }

  /**
   * Off duty means off: the watch stops, token and buffer are dropped. What was found on duty and waits still is sent once, without
   * waiting for it: the server judges each fix by its own time, and refuses what came after the end of duty.
   */
  end(): void {
    if (this.watch !== null) this.geolocation?.clearWatch(this.watch);
    clearTimeout(this.timer);
    localStorage.removeItem(KEY);
    if (this.running) void this.lastWord(this.token, this.buffer.all());
    this.buffer.clear();
    this.tunnel.forget();
    this.dark.end();
    this.watch = null;
    this.token = '';
    this.running = false;
    this.light = 'off';
    this.reason = '';
    this.accuracy_m = this.here = this.arrived_ms = null;
    this.waiting = this.failures = this.refusals = 0;
  }

  private async enrol(): Promise<void> {
    const { unit } = this;
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null;
      if (kept?.unit === unit) {
        this.token = kept.token;
        return;
      }
      const { token } = await this.api.post<{ token: string }>('/devices/enrol');
      if (!this.running) return;
      this.token = token;
      this.failures = 0;
      localStorage.setItem(KEY, JSON.stringify({ unit, token } satisfies Kept));
    } catch {
      this.failures += 1;
    }
  }

  private take(position: BrowserPosition): void {
    const fix = toFix(position);
    if (!fix || !this.running || !this.buffer.add(fix)) return;
    this.dark.alive(clock.read());
    this.here = fix;
    this.asked_ms = Date.now();
    this.accuracy_m = fix.accuracy_m ?? null;
    this.waiting = this.buffer.size;
    if (this.light === 'asking' || this.light === 'no_fix') this.light = 'kept';
  }

  private ask(): void {
    const quiet_ms = Date.now() - this.asked_ms;
    if (!this.running || quiet_ms < ASK_AFTER_MS) return;
    this.asked_ms = Date.now();
    this.follow();
  }

  private lost(failure: GeolocationPositionError): void {
    this.light = failure.code === failure.PERMISSION_DENIED ? 'denied' : 'no_fix';
  }

  private plan(wait_ms: number): void {
    clearTimeout(this.timer);
    if (this.running) this.timer = setTimeout(() => void this.send(), wait_ms);
  }

  private async send(): Promise<void> {
    this.timer = undefined;
    if (!this.token && this.light !== 'refused') await this.enrol();
    const batch = this.buffer.next();
    if (batch.length && this.token) await this.post(batch);
    else if (!this.token && this.light === 'on') this.light = 'kept';
    this.ask();
    this.waiting = this.buffer.size;
    if (this.running) this.tunnel.keep(this.unit);
    this.plan(Math.min(SLOWEST_MS, EVERY_MS * 2 ** Math.min(this.failures, 4)));
  }

  private async lastWord(token: string, fixes: readonly PhoneFix[]): Promise<void> {
    if (!token) return;
    for (let i = 0; i < fixes.length; i += LAST_BATCH) {
      const answer = await sendFixes(token, fixes.slice(i, i + LAST_BATCH)).catch(() => null);
      if (!answer?.ok) return;
    }
  }

  private async post(batch: readonly PhoneFix[]): Promise<void> {
    try {
      const answer = await sendFixes(this.token, batch);
      if (!this.running) return;
      if (answer.ok || answer.status === 400) this.arrived(batch, refusalOf(await answer.json()));
      else if (answer.status === 401 || answer.status === 403) this.refusedToken();
      else throw new Error(String(answer.status));
    } catch {
      this.failures += 1;
      if (this.running && this.light === 'on') this.light = 'kept';
    }
  }

  /** The server has answered: these fixes are its business. Took it none of them, the phone is not shared, whatever it sends. */
  private arrived(batch: readonly PhoneFix[], reason: string): void {
    this.buffer.done(batch);
    this.failures = this.refusals = 0;
    this.reason = reason;
    if (!reason) this.arrived_ms = Date.now();
    if (reason) this.light = 'rejected';
    else if (this.light === 'kept' || this.light === 'rejected') this.light = 'on';
  }

  /** Another phone was enrolled for this unit, or duty ended elsewhere. A token just made may take a moment to be known. */
  private refusedToken(): void {
    this.refusals += 1;
    this.failures += 1;
    if (this.refusals < REFUSALS) return;
    localStorage.removeItem(KEY);
    this.token = '';
    this.light = 'refused';
  }
}
