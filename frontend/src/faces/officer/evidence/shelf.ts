/** Photos on the phone until they have arrived: bytes and facts in one IndexedDB of their own, each person's apart. */

export interface Kept {
  uid: string;
  person: string;
  incident: string;
  order: string;
  /** Its announcement in the outbox. */
  key: string;
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

/** Where photos survive a reload. */
export interface PhotoShelf {
  load(person: string): Promise<Kept[]>;
  put(one: Kept): Promise<void>;
  drop(uids: readonly string[]): Promise<void>;
}

const NAME = 'nearcast.officer.photos';
const STORE = 'photos';

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error ?? new Error('indexedDB'));
  });
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'uid' });
  return asked(request);
}

/** The shelf in this browser. A write is there when its promise is kept. */
export function indexedShelf(): PhotoShelf {
  let database: Promise<IDBDatabase> | null = null;
  async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    database ??= opened().catch((failure: unknown) => {
      database = null;
      throw failure;
    });
    const change = (await database).transaction(STORE, mode);
    const over = new Promise<void>((done, fail) => {
      change.oncomplete = () => done();
      change.onabort = change.onerror = () => fail(change.error ?? new Error('indexedDB'));
    });
    const result = await asked(act(change.objectStore(STORE)));
    await over;
    return result;
  }
  return {
    load: async (person) => {
      const all = (await within('readonly', (store) => store.getAll())) as Kept[];
      return all.filter((one) => one.person === person).sort((a, b) => a.pressed_ms - b.pressed_ms);
    },
    put: async (one) => void (await within('readwrite', (store) => store.put(one))),
    drop: async (uids) => {
      for (const uid of uids) await within('readwrite', (store) => store.delete(uid));
    },
  };
}
