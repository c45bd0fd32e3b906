import { describe, expect, it } from 'vitest';
import { ApiProblem, type Api, type SendOptions } from '../../core/api';
import { nextOf, Outbox, waitMs, type OutboxOptions, type Waiting } from '../../core/outbox';
import { bringOver, type Shelf } from '../../core/shelf';

/** Rows as the database keeps them: copies, in the order of their places; `room` ends at some point. */
class Rows implements Shelf {
  rows: Waiting[] = [];
  room = Infinity;
  private last = 0;
  load = () => Promise.resolve(structuredClone(this.rows));
  add = (item: Waiting) => {
    const known = this.rows.find((row) => row.key === item.key);
    if (known) return Promise.resolve(known.seq!);
    if (this.rows.length >= this.room) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
    this.rows.push({ ...structuredClone(item), seq: (this.last += 1) });
    return Promise.resolve(this.last);
  };
  change = (item: Waiting) => {
    this.rows = this.rows.map((row) => (row.seq === item.seq ? structuredClone(item) : row));
    return Promise.resolve();
  };
  drop = (items: readonly Waiting[]) => {
    this.rows = this.rows.filter((row) => !items.some((item) => item.seq === row.seq));
    return Promise.resolve();
  };
  clear = () => {
    this.rows = [];
    return Promise.resolve();
  };
}

/** A network that can be off, and a server that does each key once and remembers it. */
class World {
  online = false;
  readonly order: string[] = [];
  readonly done = new Map<string, string>();
  refuse: Record<string, ApiProblem> = {};
  readonly shelf = new Rows();
  private turn: Promise<unknown> = Promise.resolve();
  readonly locks = { request: (_: string, work: () => Promise<void>) => (this.turn = this.turn.then(work)) } as unknown as LockManager;
  readonly api = {
    post: async (path: string, _body: unknown, options: SendOptions = {}) => {
      await Promise.resolve();
      if (!this.online) throw new ApiProblem('no_answer');
      if (this.refuse[path]) throw this.refuse[path];
      if (!this.done.has(options.key!)) this.order.push(path);
      this.done.set(options.key!, path);
      return {};
    },
  } as unknown as Api;
  tab(options: OutboxOptions = {}): Outbox {
    return new Outbox(this.api, this.shelf, { locks: this.locks, ...options });
  }
}
const problem = (code: string, facts = {}) => new ApiProblem(code, facts, null, 409);
const item = (over: Partial<Waiting>): Waiting => ({ key: 'k', path: '/orders/o1/accept', body: {}, what: 'accept', pressed_ms: 0, arrived_ms: null, state: 'waiting', problem: null, facts: {}, ...over });

describe('answers without a network', () => {
  it('wait, survive a reload, and go in the order they were pressed', async () => {
    const world = new World();
    const before = world.tab();
    await before.post('/orders/o1/accept', {}, 'accept');
    await before.post('/orders/o1/en_route', {}, 'en_route');
    before.end();

    const after = world.tab();
    await after.ready;
    expect(after.list().map((one) => one.state)).toEqual(['waiting', 'waiting']);
    world.online = true;
    await after.flush();
    expect(world.order).toEqual(['/orders/o1/accept', '/orders/o1/en_route']);
    expect([...world.done.keys()]).toEqual(before.list().map((one) => one.key));
    expect(world.shelf.rows.map((one) => [one.state, one.body])).toEqual([['arrived', null], ['arrived', null]]);
  });

  it('keep their order when forty of them wait', async () => {
    const world = new World();
    const outbox = world.tab();
    const paths = Array.from({ length: 40 }, (_, i) => `/orders/o${i % 3}/step${i}`);
    await Promise.all(paths.map((path) => outbox.post(path, {}, 'accept')));
    world.online = true;
    await outbox.flush();
    expect(world.order).toEqual(paths);
    outbox.end();
  });

  it('say why one was not taken and send the rest', async () => {
    const world = new World();
    const outbox = world.tab();
    await outbox.post('/orders/o1/on_scene', {}, 'on_scene');
    await outbox.post('/orders/o2/accept', {}, 'accept');
    world.online = true;
    world.refuse = { '/orders/o1/on_scene': problem('wrong_state', { state: 'recalled' }) };
    await outbox.flush();
    expect(outbox.list().map((one) => [one.state, one.problem])).toEqual([['refused', 'wrong_state'], ['arrived', null]]);
  });

  it('let the answers of another order pass one at which the server keeps failing, but none of the same', async () => {
    const world = new World();
    const outbox = world.tab();
    world.online = true;
    world.refuse = { '/orders/o1/clear': problem('server_failed') };
    await outbox.post('/orders/o1/clear', {}, 'clear');
    await outbox.post('/orders/o1/note', {}, 'note');
    expect(world.order).toEqual([]);
    await outbox.post('/orders/o2/accept', {}, 'accept');
    expect(world.order).toEqual(['/orders/o2/accept']);
    world.refuse = {};
    await outbox.flush();
    expect(world.order).toEqual(['/orders/o2/accept', '/orders/o1/clear', '/orders/o1/note']);
    outbox.end();
  });

  it('wait on what is no answer of our server: a page of a hotel, a database away, a cookie that is gone', async () => {
    for (const failure of [problem('bad_answer'), problem('unavailable'), problem('forbidden', { why: 'csrf' })]) {
      const world = new World();
      const outbox = world.tab();
      world.online = true;
      world.refuse = { '/orders/o1/accept': failure };
      await outbox.post('/orders/o1/accept', {}, 'accept');
      expect(outbox.list()[0]!.state).toBe('waiting');
      outbox.end();
    }
  });

  it('are not sent when the server may have forgotten their key', async () => {
    const world = new World();
    world.online = true;
    world.shelf.rows = [item({ seq: 1, pressed_ms: Date.now() - 7 * 86_400_000 })];
    const outbox = world.tab();
    await outbox.flush();
    expect([world.order, outbox.list()[0]!.problem]).toEqual([[], 'outbox_too_old']);
  });
});

describe('two tabs', () => {
  it('send what either has, each answer once and in order', async () => {
    const world = new World();
    const [one, two] = [world.tab({ who: 'p1' }), world.tab({ who: 'p1' })];
    await one.post('/orders/o1/accept', {}, 'accept');
    await two.post('/orders/o1/en_route', {}, 'en_route');
    await one.post('/orders/o1/on_scene', {}, 'on_scene');
    world.online = true;
    await Promise.all([two.flush(), one.flush()]);
    expect(world.order).toEqual(['/orders/o1/accept', '/orders/o1/en_route', '/orders/o1/on_scene']);
    expect(world.shelf.rows.every((row) => row.state === 'arrived')).toBe(true);
    [one, two].forEach((tab) => tab.end());
  });
});

it('an answer that brings its own key is in the line once', async () => {
  const world = new World();
  const outbox = world.tab();
  await Promise.all([outbox.post('/incidents/i1/attachments', {}, 'photo', { key: 'u' }), outbox.post('/incidents/i1/attachments', {}, 'photo', { key: 'u' })]);
  expect(outbox.list().map((one) => one.key)).toEqual(['u']);
  world.online = true;
  await outbox.flush();
  expect([...world.done.keys()]).toEqual(['u']);
  outbox.end();
});

describe('a full storage', () => {
  it('is said, makes room once, and loses nothing while the page is open', async () => {
    const world = new World();
    world.shelf.room = 0;
    let asked = 0;
    let unstored = false;
    const outbox = world.tab({ makeRoom: () => Promise.resolve(void (asked += 1)), onChange: (state) => (unstored = state.unstored) });
    await outbox.post('/orders/o1/accept', {}, 'accept');
    expect([asked, unstored]).toEqual([1, true]);
    world.shelf.room = 9;
    await outbox.flush();
    expect([world.shelf.rows.length, unstored]).toEqual([1, false]);
    world.online = true;
    await outbox.flush();
    expect(world.order).toEqual(['/orders/o1/accept']);
    expect(outbox.list()[0]!.state).toBe('arrived');
  });
});

describe('which goes next', () => {
  it('is the oldest that waits, but none of an object that is held', () => {
    const list = [item({ key: 'a', state: 'arrived' }), item({ key: 'b' }), item({ key: 'c', path: '/orders/o2/accept' })];
    expect([nextOf(list, new Set())?.key, nextOf(list, new Set(['/orders/o1']))?.key, nextOf(list, new Set(['/orders/o1', '/orders/o2']))]).toEqual(['b', 'c', undefined]);
  });
  it('waits longer each time, never together, at most half a minute', () => {
    expect([1, 2, 3, 9].map((tries) => waitMs(tries, 1))).toEqual([2000, 4000, 8000, 30_000]);
    expect(waitMs(3, 0)).toBe(4000);
  });
});

it('brings over what waited before there was a database, once', async () => {
  const shelf = new Rows();
  localStorage.setItem('old', JSON.stringify([item({ key: 'a' }), item({ key: 'b', state: 'arrived' }), item({ key: 'c' })]));
  await bringOver(shelf, 'old');
  expect([shelf.rows.map((row) => row.key), localStorage.getItem('old')]).toEqual([['a', 'c'], null]);
  localStorage.setItem('old', JSON.stringify([item({ key: 'c' }), item({ key: 'd' })]));
  await bringOver(shelf, 'old');
  expect(shelf.rows.map((row) => row.key)).toEqual(['a', 'c', 'd']);
  localStorage.setItem('old', '{broken');
  await bringOver(shelf, 'old');
  expect([shelf.rows.length, localStorage.getItem('old')]).toEqual([3, null]);
});
