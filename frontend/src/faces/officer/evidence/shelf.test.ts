import { expect, it } from 'vitest';
import { grow, type Database } from '../../../core/database';
import { sweep } from '../../../core/shelf';

/** What an upgrade makes, by name. */
function madeFrom(version: number): string[] {
  const made: string[] = [];
  const store = (name: string) => ({ createIndex: (index: string) => void made.push(`${name}.${index}`) });
  grow({ createObjectStore: (name: string) => (made.push(name), store(name)) } as unknown as IDBDatabase, version);
  return made;
}

it('a database of the version before gets the photos beside what it has', () => {
  expect(madeFrom(1)).toEqual(['photos', 'photos.person']);
  expect(madeFrom(0)).toEqual(['outbox', 'outbox.key', 'outbox.person', 'kept', 'photos', 'photos.person']);
  expect(madeFrom(2)).toEqual([]);
});

it('sweeps answers and photos that nobody came back for, and no younger one', async () => {
  const rows = { outbox: new Map([[1, { pressed_ms: 0 }], [2, { pressed_ms: 900 }]]), photos: new Map<number | string, { pressed_ms: number }>([['old', { pressed_ms: 10 }], ['new', { pressed_ms: 800 }]]) };
  const asked = <T>(result: T): IDBRequest<T> => {
    const request = { result } as unknown as IDBRequest<T>;
    queueMicrotask(() => request.onsuccess?.(new Event('success')));
    return request;
  };
  const database = {
    write: async (name: 'outbox' | 'photos', work: (store: unknown) => Promise<unknown>) => {
      const kept = rows[name] as Map<unknown, unknown>;
      return work({ getAll: () => asked([...kept.values()]), getAllKeys: () => asked([...kept.keys()]), delete: (key: unknown) => asked(kept.delete(key)) });
    },
  } as unknown as Database;
  await sweep(database, 500, 1000);
  expect([[...rows.outbox.keys()], [...rows.photos.keys()]]).toEqual([[2], ['new']]);
});
