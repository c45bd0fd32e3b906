/** Photos on the phone until they have arrived: bytes and facts in the page's database, each person's apart. */
import { whole, type Database } from '../../../core/database';

export interface Kept {
  /** Its announcement in the outbox has the same key: either is found by the other from the first moment. */
  uid: string;
  person: string;
  incident: string;
  order: string;
  /** What announces it: said again when the page went before the outbox had it. Absent in what an older page kept. */
  announcement?: Record<string, unknown>;
  size: number;
  reduced: boolean;
  pressed_ms: number;
  sent: number;
  state: 'waiting' | 'arrived' | 'refused';
  problem: string | null;
  facts: Record<string, unknown>;
  /** What is sent; dropped once it has arrived or was refused. */
  blob: Blob | null;
}

/** Where photos survive a reload: those of one person. */
export interface PhotoShelf {
  load(): Promise<Kept[]>;
  put(one: Kept): Promise<void>;
  drop(uids: readonly string[]): Promise<void>;
  /** All of this person, also what another tab has put there. */
  clear(): Promise<void>;
}

/** Photos had a database of their own once. */
const OLD = 'nearcast.officer.photos';

/** The shelf of `person` (uid) in the page's database. A write is there when its promise is kept. */
export function photoShelf(database: Database, person: string, factory: IDBFactory | undefined = globalThis.indexedDB): PhotoShelf {
  const own = (store: IDBObjectStore): Promise<Kept[]> => whole(store.index('person').getAll(person) as IDBRequest<Kept[]>);
  const drop = (uids: readonly string[]): Promise<void> => database.write('photos', async (store) => {
    await Promise.all(uids.map((uid) => whole(store.delete(uid))));
  });
  return {
    load: async () => {
      if (factory) await bringPhotosOver(database, factory).catch(() => undefined);
      return (await database.read('photos', own)).sort((a, b) => a.pressed_ms - b.pressed_ms);
    },
    put: async (one) => void (await database.write('photos', (store) => whole(store.put(one)))),
    drop,
    clear: () => database.write('photos', async (store) => {
      await Promise.all((await own(store)).map((one) => whole(store.delete(one.uid))));
    }),
  };
}

/** The old database, or null where there is none: none is made. */
function old(factory: IDBFactory): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    const request = factory.open(OLD);
    request.onupgradeneeded = () => request.transaction!.abort();
    request.onerror = () => resolve(null);
    request.onsuccess = () => resolve(request.result);
  });
}

/** What lay in the old database, everybody's: brought over, and only then taken away. The empty one stays: an older tab may still write. */
async function bringPhotosOver(database: Database, factory: IDBFactory): Promise<void> {
  const before = await old(factory);
  if (!before) return;
  try {
    const rows = await whole(before.transaction('photos').objectStore('photos').getAll() as IDBRequest<Kept[]>);
    if (!rows.length) return;
    await database.write('photos', async (store) => {
      await Promise.all(rows.map((one) => whole(store.put(one))));
    });
    const emptied = before.transaction('photos', 'readwrite').objectStore('photos');
    await Promise.all(rows.map((one) => whole(emptied.delete(one.uid))));
  } finally {
    before.close();
  }
}
