import { describe, expect, it } from 'vitest';
import { ApiProblem, type Api, type SendOptions } from '../../core/api';
import { Outbox, type Shelf, type Waiting } from '../../core/outbox';

/** A network that can be off, and a server that answers a key once and remembers it. */
class World {
  online = false;
  readonly taken = new Map<string, string>();
  readonly order: string[] = [];
  refuse: Record<string, string> = {};
  readonly api = {
    post: (path: string, _body: unknown, options: SendOptions = {}) => {
      if (!this.online) return Promise.reject(new ApiProblem('no_answer'));
      const code = this.refuse[path];
      if (code) return Promise.reject(new ApiProblem(code, { state: 'recalled' }, null, 409));
      this.order.push(path);
      this.taken.set(options.key!, path);
      return Promise.resolve({});
    },
  } as unknown as Api;
  kept: string = '[]';
  readonly shelf: Shelf = { load: () => JSON.parse(this.kept) as Waiting[], save: (items) => (this.kept = JSON.stringify(items)) };
}

describe('answers without a network', () => {
  it('wait, survive a reload, and go in the order they were pressed', async () => {
    const world = new World();
    const before = new Outbox(world.api, world.shelf);
    await before.post('/orders/o1/accept', {}, 'accept');
    await before.post('/orders/o1/en_route', {}, 'en_route');
    expect(before.list().map((item) => item.state)).toEqual(['waiting', 'waiting']);

    const after = new Outbox(world.api, world.shelf);
    world.online = true;
    await after.flush();
    expect(world.order).toEqual(['/orders/o1/accept', '/orders/o1/en_route']);
    expect([...world.taken.keys()]).toEqual(before.list().map((item) => item.key));
    expect(after.list().every((item) => item.state === 'arrived' && item.arrived_ms !== null)).toBe(true);
  });

  it('say why one was not taken and send the rest', async () => {
    const world = new World();
    const outbox = new Outbox(world.api, world.shelf);
    await outbox.post('/orders/o1/on_scene', {}, 'on_scene');
    await outbox.post('/orders/o2/accept', {}, 'accept');
    world.online = true;
    world.refuse = { '/orders/o1/on_scene': 'wrong_state' };
    await outbox.flush();
    expect(outbox.list().map((item) => [item.state, item.problem])).toEqual([['refused', 'wrong_state'], ['arrived', null]]);
  });

  it('stop at the first that gets no answer, so that order is kept', async () => {
    const world = new World();
    const outbox = new Outbox(world.api, world.shelf);
    world.online = true;
    world.refuse = { '/orders/o1/accept': 'server_failed' };
    await outbox.post('/orders/o1/accept', {}, 'accept');
    await outbox.post('/orders/o1/en_route', {}, 'en_route');
    expect(world.order).toEqual([]);
    world.refuse = {};
    await outbox.flush();
    expect(world.order).toEqual(['/orders/o1/accept', '/orders/o1/en_route']);
  });

  it('let the answers of another order pass one at which the server fails', async () => {
    const world = new World();
    const outbox = new Outbox(world.api, world.shelf);
    world.online = true;
    world.refuse = { '/orders/o1/clear': 'server_failed' };
    await outbox.post('/orders/o1/clear', {}, 'clear');
    await outbox.post('/orders/o2/accept', {}, 'accept');
    expect(world.order).toEqual(['/orders/o2/accept']);
    expect(outbox.list().map((item) => [item.state, item.problem])).toEqual([['waiting', 'server_failed'], ['arrived', null]]);
  });
});
