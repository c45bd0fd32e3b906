/**
 * The page's own small database (IndexedDB): what must outlive a reload. Plain, because the service worker, which is no part of
 * the build, wipes the same stores. `outbox`: answers that wait, in the order they were pressed. `photos`: photos until they have
 * arrived, with their bytes. `kept`: single things by name.
 */
export const DATABASE = 'nearcast';
const VERSION = 2;
/** A browser that has not opened it by then has no room or no will: the page goes on without. */
const PATIENCE_MS = 3000;

export type StoreName = 'outbox' | 'photos' | 'kept';

/** A request of the database as a promise. */
export function whole<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('storage failed'));
  });
}

/** From whichever version to this one: what is there stays as it is, `from` is 0 where nothing was. */
export function grow(database: IDBDatabase, from: number): void {
  if (from < 1) {
    const outbox = database.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true });
    outbox.createIndex('key', 'key', { unique: true });
    outbox.createIndex('person', 'person');
    database.createObjectStore('kept');
  }
  if (from < 2) database.createObjectStore('photos', { keyPath: 'uid' }).createIndex('person', 'person');
}

/** A page that is older than the stores (a server set back) takes them as they are: none of its own is missing. */
async function opened(factory: IDBFactory): Promise<IDBDatabase> {
  return openedAt(factory, VERSION).catch((failure: unknown) => {
    if (failure instanceof DOMException && failure.name === 'VersionError') return openedAt(factory);
    throw failure;
  });
}

function openedAt(factory: IDBFactory, version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(DATABASE, version);
    const late = setTimeout(() => reject(new Error('storage does not open')), PATIENCE_MS);
    request.onupgradeneeded = (event) => grow(request.result, event.oldVersion);
    request.onerror = () => {
      clearTimeout(late);
      reject(request.error ?? new Error('storage failed'));
    };
    request.onsuccess = () => {
      clearTimeout(late);
      resolve(request.result);
    };
  });
}

export class Database {
  private link: Promise<IDBDatabase> | null = null;

  constructor(private readonly factory: IDBFactory | undefined = globalThis.indexedDB) {}

  /** Run `work` on one store and wait until it is on the disk. Rejects when there is no storage or it is full. */
  async write<T>(name: StoreName, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    return this.run(name, 'readwrite', work);
  }

  /** Run `work` on one store, reading only. */
  async read<T>(name: StoreName, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    return this.run(name, 'readonly', work);
  }

  /** Let go of the database, so that it can be deleted. */
  async close(): Promise<void> {
    (await this.link?.catch(() => null))?.close();
    this.link = null;
  }

  private async run<T>(name: StoreName, mode: IDBTransactionMode, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    const change = await this.begin(name, mode);
    const done = new Promise<void>((resolve, reject) => {
      change.oncomplete = () => resolve();
      change.onabort = () => reject(change.error ?? new Error('storage gave up'));
    });
    done.catch(() => undefined);
    const result = await work(change.objectStore(name));
    await done;
    return result;
  }

  /** A browser closes connections of a page that slept: one that is shut is opened once more. */
  private async begin(name: StoreName, mode: IDBTransactionMode): Promise<IDBTransaction> {
    try {
      return (await this.connected()).transaction(name, mode);
    } catch (failure) {
      if (!(failure instanceof DOMException) || failure.name !== 'InvalidStateError') throw failure;
      this.link = null;
      return (await this.connected()).transaction(name, mode);
    }
  }

  private connected(): Promise<IDBDatabase> {
    if (!this.factory) return Promise.reject(new Error('no storage'));
    if (!this.link) {
      const link = opened(this.factory);
      this.link = link;
      link.then((database) => {
        database.onversionchange = () => database.close();
        database.onclose = () => (this.link = null);
      }, () => (this.link = null));
    }
    return this.link;
  }
}

/** One thing by its name, or undefined; a browser without storage has nothing. */
export async function readKeptThing<T>(database: Database, name: string): Promise<T | undefined> {
  return database.read('kept', (store) => whole(store.get(name) as IDBRequest<T | undefined>)).catch(() => undefined);
}

/** Keep one thing under its name; null forgets it. True when it is on the disk. */
export async function keepThing(database: Database, name: string, thing: unknown): Promise<boolean> {
  const work = (store: IDBObjectStore): Promise<unknown> => {
    const asked: Promise<unknown> = thing === null ? whole(store.delete(name)) : whole(store.put(thing, name));
    // Without it a page that goes this moment takes the change along: the browser would wait for a page that is no more.
    store.transaction?.commit?.();
    return asked;
  };
  return database.write('kept', work).then(() => true, () => false);
}
