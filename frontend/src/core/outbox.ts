/** Answers given without a network wait here, in order, with keys made once, until the server has said yes or no. */
import { ApiProblem, type Api } from './api';
import type { Shelf } from './shelf';
import { uuid7 } from './uuid7';

export interface Waiting {
  /** Idempotency key, made once: the server does it once, however often it is sent. */
  key: string;
  path: string;
  /** What is sent, as JSON. Null once the server has answered: then it is the server's. */
  body: unknown;
  /** What was pressed, as a code for the screen's words. */
  what: string;
  pressed_ms: number;
  /** When the server said yes or no, browser Unix ms; null while it waits. */
  arrived_ms: number | null;
  state: 'waiting' | 'arrived' | 'refused';
  /** Error code when refused, or of the last try that got no answer. */
  problem: string | null;
  facts: Record<string, unknown>;
  /** Place in the line, given by the shelf; absent until it is stored. */
  seq?: number;
  /** The shelf refused it, also after room was made: it lives as long as the page. */
  homeless?: boolean;
}

/** What the screen is told: the line, when it is tried next, and whether some of it lives only as long as the page. */
export interface OutboxState {
  items: readonly Waiting[];
  next_try_ms: number | null;
  unstored: boolean;
}

export interface OutboxOptions {
  onChange?: (state: OutboxState) => void;
  /** Free some storage; called once when it is full. */
  makeRoom?: () => Promise<void>;
  /** What must be done before the line is read for the first time. */
  before?: Promise<unknown>;
  /** Whose line it is: tabs of one person take turns. */
  who?: string;
  locks?: LockManager | undefined;
  random?: () => number;
}

/** Not the server's last word about this answer: it waits on. A page of somebody else's (a hotel's network) is no answer. */
const RETRY = new Set(['no_answer', 'server_failed', 'unavailable', 'bad_answer', 'too_fast', 'key_busy', 'not_signed_in']);
/**
 * What is wrong with one object's answer only: those of others go on, but not at the first failure. A clear that overtook a note
 * would take the incident out of sight, and the note would have nowhere to go.
 */
const ONE_ONLY = new Set(['server_failed', 'key_busy']);
const PATIENT_TRIES = 3;
const KEPT_DONE = 20;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** The server knows a key for seven days: what is older might be done twice, so it is not sent any more. */
const OLDEST_MS = 6 * 24 * 3600 * 1000;

/** The object an answer is about (`/orders/<uid>`): its answers keep their order. */
const objectOf = (item: Waiting): string => item.path.split('/').slice(0, 3).join('/');

/** Milliseconds until try number `tries` (1, 2, …): doubling to half a minute, the upper half random so that a city does not come at once. */
export function waitMs(tries: number, random = Math.random()): number {
  const top = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 10));
  return Math.round(top / 2 + (top / 2) * random);
}

/** The one to send next: the oldest; of one object never the later before the earlier. */
export function nextOf(items: readonly Waiting[], held: ReadonlySet<string>): Waiting | undefined {
  return items.find((item) => item.state === 'waiting' && !held.has(objectOf(item)));
}

function isFinal(problem: ApiProblem): boolean {
  return !RETRY.has(problem.code) && !(problem.code === 'forbidden' && problem.facts['why'] === 'csrf');
}

export class Outbox {
  /** Resolves when what waited from before is known. Rejects never: without storage the line begins empty. */
  readonly ready: Promise<void>;
  private items: Waiting[] = [];
  private busy: Promise<void> | null = null;
  private again = false;
  private readonly failures = new Map<string, number>();
  private tries = 0;
  private next_try_ms: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly channel: BroadcastChannel | null;

  constructor(
    private readonly api: Api,
    private readonly shelf: Shelf,
    private readonly options: OutboxOptions = {},
  ) {
    this.channel = options.who && typeof BroadcastChannel !== 'undefined' ? new BroadcastChannel(`nearcast.outbox.${options.who}`) : null;
    if (this.channel) this.channel.onmessage = () => void this.reload();
    this.ready = (options.before ?? Promise.resolve()).catch(() => undefined).then(() => this.reload());
  }

  list(): readonly Waiting[] {
    return this.items;
  }

  /** Queue a POST, store it, and try at once. `key`: of what is kept elsewhere too, so that both know each other. Resolves after the try, arrived or not. */
  async post(path: string, body: unknown, what: string, { key = uuid7() }: { key?: string } = {}): Promise<void> {
    if (this.items.some((one) => one.key === key)) return this.flush();
    const item: Waiting = { key, path, body, what, pressed_ms: Date.now(), arrived_ms: null, state: 'waiting', problem: null, facts: {} };
    this.show([...this.items, item]);
    await this.store(item);
    this.channel?.postMessage('changed');
    await this.flush();
  }

  /** Send what waits, now. One sender at a time, also among tabs; who comes meanwhile is served by the same round. */
  async flush(): Promise<void> {
    this.again = true;
    this.busy ??= this.rounds().finally(() => (this.busy = null));
    return this.busy;
  }

  /** Forget everything of this person: he signs out. */
  async clear(): Promise<void> {
    clearTimeout(this.timer);
    this.next_try_ms = null;
    this.show([]);
    await this.shelf.clear().catch(() => undefined);
    this.channel?.postMessage('changed');
  }

  /** Stop trying: the page goes. */
  end(): void {
    clearTimeout(this.timer);
    this.channel?.close();
  }

  private async rounds(): Promise<void> {
    clearTimeout(this.timer);
    this.next_try_ms = null;
    while (this.again) {
      this.again = false;
      await this.ready;
      await this.alone(() => this.round());
    }
    this.plan();
  }

  private alone(work: () => Promise<void>): Promise<void> {
    const locks = 'locks' in this.options ? this.options.locks : globalThis.navigator?.locks;
    return locks && this.options.who ? (locks.request(`nearcast.outbox.${this.options.who}`, work) as Promise<void>) : work();
  }

  private async round(): Promise<void> {
    await this.reload();
    const held = new Set<string>();
    for (let next = nextOf(this.items, held); next; next = nextOf(this.items, held)) {
      const problem = await this.send(next);
      if (problem === null) this.tries = 0;
      else if (ONE_ONLY.has(problem) && this.failedOften(next)) held.add(objectOf(next));
      else break;
    }
    if (this.items.some((item) => item.state === 'waiting')) this.tries += 1;
  }

  private failedOften(item: Waiting): boolean {
    const failures = (this.failures.get(item.key) ?? 0) + 1;
    this.failures.set(item.key, failures);
    return failures >= PATIENT_TRIES;
  }

  /** Send one; return the code of what makes it wait on, null when the server has said yes or no. */
  private async send(item: Waiting): Promise<string | null> {
    const done = { arrived_ms: Date.now(), body: null };
    if (Date.now() - item.pressed_ms > OLDEST_MS) {
      await this.update(item, { ...done, state: 'refused', problem: 'outbox_too_old' });
      return null;
    }
    try {
      await this.api.post(item.path, item.body, { key: item.key });
      await this.update(item, { ...done, arrived_ms: Date.now(), state: 'arrived', problem: null });
      return null;
    } catch (failure) {
      const problem = failure instanceof ApiProblem ? failure : new ApiProblem('no_answer');
      if (!isFinal(problem)) {
        const code = problem.code === 'forbidden' ? 'not_signed_in' : problem.code;
        await this.update(item, { problem: code });
        return code;
      }
      await this.update(item, { ...done, arrived_ms: Date.now(), state: 'refused', problem: problem.code, facts: problem.facts });
      return null;
    }
  }

  private plan(): void {
    clearTimeout(this.timer);
    const waits = this.items.some((item) => item.state === 'waiting');
    const wait_ms = waitMs(this.tries, (this.options.random ?? Math.random)());
    this.next_try_ms = waits ? Date.now() + wait_ms : null;
    if (waits) this.timer = setTimeout(() => void this.flush(), wait_ms);
    this.show(this.items);
  }

  private async store(item: Waiting): Promise<void> {
    try {
      item.seq = await this.shelf.add(item);
    } catch {
      await this.options.makeRoom?.().catch(() => undefined);
      try {
        item.seq = await this.shelf.add(item);
      } catch (failure) {
        console.warn('outbox: not stored, it lives as long as this page', failure);
        item.homeless = true;
      }
    }
    this.show(this.items);
  }

  /** Take the line as it is stored: another tab may have added or sent. What could not be stored stands behind it. */
  private async reload(): Promise<void> {
    const stored = await this.shelf.load().catch(() => null);
    if (!stored) return;
    const known = new Set(stored.map((item) => item.key));
    const loose = this.items.filter((item) => item.seq === undefined && !known.has(item.key));
    await Promise.all(loose.map((item) => this.house(item)));
    this.show([...stored, ...loose]);
  }

  /** A storage that opened late, or has room again, takes what it refused before. */
  private async house(item: Waiting): Promise<void> {
    if (!item.homeless || item.state !== 'waiting') return;
    const seq = await this.shelf.add(item).catch(() => null);
    if (seq === null) return;
    item.seq = seq;
    delete item.homeless;
  }

  private async update(item: Waiting, change: Partial<Waiting>): Promise<void> {
    const changed = { ...item, ...change };
    const items = this.items.map((one) => (one.key === item.key ? changed : one));
    const done = items.filter((one) => one.state !== 'waiting');
    const drop = new Set(done.slice(0, Math.max(0, done.length - KEPT_DONE)));
    this.show(items.filter((one) => !drop.has(one)));
    try {
      await this.shelf.change(changed);
      if (drop.size) await this.shelf.drop([...drop]);
    } catch {
      // A storage that fails costs the note that it arrived: it is sent again, and the server knows its key.
    }
    this.channel?.postMessage('changed');
  }

  private show(items: Waiting[]): void {
    this.items = items;
    const unstored = items.some((item) => item.homeless && item.seq === undefined && item.state === 'waiting');
    this.options.onChange?.({ items, next_try_ms: this.next_try_ms, unstored });
  }
}
