/** Answers given without a network wait here, in order, with keys made once, until the server has said yes or no. */
import { ApiProblem, type Api } from './api';
import { uuid7 } from './uuid7';

export interface Waiting {
  key: string;
  path: string;
  body: unknown;
  /** What was pressed, as a code for the screen's words. */
  what: string;
  pressed_ms: number;
  /** When the server said yes or no, browser Unix ms; null while it waits. */
  arrived_ms: number | null;
  state: 'waiting' | 'arrived' | 'refused';
  /** Error code when refused. */
  problem: string | null;
  facts: Record<string, unknown>;
}

/** Where the queue survives a reload (localStorage in the officer's page). */
export interface Shelf {
  load(): Waiting[];
  save(items: Waiting[]): void;
}

/** A shelf in localStorage under `name`. */
export function localShelf(name: string): Shelf {
  return {
    load: () => {
      try {
        return JSON.parse(localStorage.getItem(name) ?? '[]') as Waiting[];
      } catch {
        return [];
      }
    },
    save: (items) => localStorage.setItem(name, JSON.stringify(items)),
  };
}

const RETRY = new Set(['no_answer', 'server_failed', 'too_fast', 'key_busy', 'not_signed_in']);
/** What is wrong with one object's answer only: those of others go on. */
const ONE_ONLY = new Set(['server_failed', 'key_busy']);
const KEPT_DONE = 20;

/** The object a path is about (`/orders/<uid>`): its answers keep their order among themselves. */
const objectOf = (path: string): string => path.split('/').slice(0, 3).join('/');

/**
 * One queue: send in order, stop where nothing gets through, say of each whether it arrived. An answer at which the server
 * itself fails holds up only what follows about the same object.
 */
export class Outbox {
  private items: Waiting[];
  private busy = false;

  constructor(
    private readonly api: Api,
    private readonly shelf: Shelf,
    private readonly onChange: (items: readonly Waiting[]) => void = () => undefined,
  ) {
    this.items = shelf.load();
  }

  list(): readonly Waiting[] {
    return this.items;
  }

  /** Queue a POST and try at once. */
  async post(path: string, body: unknown, what: string): Promise<void> {
    const item: Waiting = { key: uuid7(), path, body, what, pressed_ms: Date.now(), arrived_ms: null, state: 'waiting', problem: null, facts: {} };
    this.set([...this.items, item]);
    await this.flush();
  }

  /** Send what waits. Call on reconnect, on focus, and on a slow timer. */
  async flush(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const held = new Set<string>();
      for (let next = this.first(held); next; next = this.first(held)) {
        const problem = await this.send(next);
        if (problem && !ONE_ONLY.has(problem)) break;
        if (problem) held.add(objectOf(next.path));
      }
    } finally {
      this.busy = false;
    }
  }

  private first(held: ReadonlySet<string>): Waiting | undefined {
    return this.items.find((item) => item.state === 'waiting' && !held.has(objectOf(item.path)));
  }

  /** Send one; return the code of what makes it wait on, null when the server has said yes or no. */
  private async send(item: Waiting): Promise<string | null> {
    try {
      await this.api.post(item.path, item.body, { key: item.key });
      this.update(item.key, { state: 'arrived', arrived_ms: Date.now(), problem: null });
      return null;
    } catch (failure) {
      const problem = failure instanceof ApiProblem ? failure : new ApiProblem('no_answer');
      if (RETRY.has(problem.code)) {
        this.update(item.key, { problem: problem.code });
        return problem.code;
      }
      this.update(item.key, { state: 'refused', arrived_ms: Date.now(), problem: problem.code, facts: problem.facts });
      return null;
    }
  }

  private update(key: string, change: Partial<Waiting>): void {
    this.set(this.items.map((item) => (item.key === key ? { ...item, ...change } : item)));
  }

  private set(items: Waiting[]): void {
    const done = items.filter((item) => item.state !== 'waiting');
    const drop = new Set(done.slice(0, Math.max(0, done.length - KEPT_DONE)).map((item) => item.key));
    this.items = items.filter((item) => !drop.has(item.key));
    this.shelf.save(this.items);
    this.onChange(this.items);
  }
}
