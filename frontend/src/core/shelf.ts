/** Where waiting answers lie: in IndexedDB, one row each, and in memory where a browser gives no storage. */
import { whole, type Database } from './database';
import type { Waiting } from './outbox';

/** Rows are one person's. `add` and `change` reject when they could not be stored; `load` rejects when nothing can be read. */
export interface Shelf {
  load(): Promise<Waiting[]>;
  /** Put a new one at the end; returns its place in the line. */
  add(item: Waiting): Promise<number>;
  /** Store what became of one that is there; one that is gone stays gone. */
  change(item: Waiting): Promise<void>;
  drop(items: readonly Waiting[]): Promise<void>;
  clear(): Promise<void>;
}

type Row = Waiting & { person: string };

const withoutPerson = ({ person: _, ...item }: Row): Waiting => item;

/** The shelf of `person` (uid) in the page's database. */
export function databaseShelf(database: Database, person: string): Shelf {
  const own = (store: IDBObjectStore): Promise<Row[]> => whole(store.index('person').getAll(person) as IDBRequest<Row[]>);
  return {
    load: async () => (await database.read('outbox', own)).sort((a, b) => a.seq! - b.seq!).map(withoutPerson),
    add: (item) => database.write('outbox', async (store) => {
      const known = await whole(store.index('key').getKey(item.key));
      return (known ?? (await whole(store.add({ ...item, person })))) as number;
    }),
    change: (item) => database.write('outbox', async (store) => {
      if (item.seq !== undefined && (await whole(store.getKey(item.seq))) !== undefined) await whole(store.put({ ...item, person }));
    }),
    drop: (items) => database.write('outbox', async (store) => {
      await Promise.all(items.filter((item) => item.seq !== undefined).map((item) => whole(store.delete(item.seq!))));
    }),
    clear: () => database.write('outbox', async (store) => {
      const rows = await own(store);
      await Promise.all(rows.map((row) => whole(store.delete(row.seq!))));
    }),
  };
}

/** Before there was a database the whole line was one text in localStorage: bring it over, and only then take it away. */
export async function bringOver(shelf: Shelf, name: string): Promise<void> {
  const text = localStorage.getItem(name);
  if (text === null) return;
  let old: Waiting[] = [];
  try {
    old = JSON.parse(text) as Waiting[];
  } catch {
    console.warn('outbox: what was kept before cannot be read');
  }
  for (const item of Array.isArray(old) ? old : []) if (item.state === 'waiting') await shelf.add(item);
  localStorage.removeItem(name);
}

/** What anybody left on this phone and did not come back to send: it is too old to be sent, so it goes. `oldest_ms`: its age, ms. */
export async function sweep(database: Database, oldest_ms: number, now_ms = Date.now()): Promise<void> {
  const work = async (store: IDBObjectStore): Promise<void> => {
    const rows = await whole(store.getAll() as IDBRequest<{ pressed_ms: number }[]>);
    const keys = await whole(store.getAllKeys());
    const old = keys.filter((_, n) => now_ms - rows[n]!.pressed_ms > oldest_ms);
    await Promise.all(old.map((key) => whole(store.delete(key))));
  };
  for (const name of ['outbox', 'photos'] as const) await database.write(name, work).catch(() => undefined);
}
