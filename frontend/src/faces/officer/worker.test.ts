/** The service worker's own rules, run as it is with caches of a test: what it keeps, when it wipes, which version it leaves alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';

const SOURCE = readFileSync(join(import.meta.dirname, 'worker.js'), 'utf8');
type Handler = (event: { request?: object; data?: string; waitUntil: (work: unknown) => void; respondWith: (answer: unknown) => void }) => void;

/** Caches by name: path → text. */
let caches_by_name: Map<string, Map<string, string>>;
let wiped: string[];
const pathOf = (request: string | { url: string }): string => new URL(typeof request === 'string' ? request : request.url, 'https://x').pathname;
const cacheOf = (name: string) => {
  if (!caches_by_name.has(name)) caches_by_name.set(name, new Map());
  const kept = caches_by_name.get(name)!;
  return {
    addAll: async (paths: string[]) => paths.forEach((path) => kept.set(path, 'file')),
    put: async (request: string, answer: Response) => void kept.set(pathOf(request), await answer.text()),
    delete: async (path: string) => kept.delete(path),
  };
};
const caches = {
  open: async (name: string) => cacheOf(name),
  keys: async () => [...caches_by_name.keys()],
  delete: async (name: string) => caches_by_name.delete(name),
  match: async (request: string) => {
    for (const kept of caches_by_name.values()) if (kept.has(pathOf(request))) return new Response(kept.get(pathOf(request)));
    return undefined;
  },
};
const indexedDB = {
  open: () => {
    const change: Record<string, unknown> = { objectStore: () => ({ delete: (name: string) => wiped.push(name) }) };
    const request: Record<string, unknown> = { result: { transaction: () => change, close: () => undefined } };
    setTimeout(() => {
      (request['onsuccess'] as () => void)();
      (change['oncomplete'] as () => void)();
    });
    return request;
  },
};

class Worker {
  handlers: Record<string, Handler> = {};
  skipped = 0;
  answer: Response | { type: string; ok: boolean; status: number } | null = null;
  constructor(version: string) {
    const self = {
      SHELL: { version, files: ['/static/assets/officer-1.js'], later: [] }, location: { origin: 'https://x' },
      addEventListener: (name: string, handler: Handler) => (this.handlers[name] = handler),
      skipWaiting: async () => void (this.skipped += 1), clients: { claim: async () => undefined },
    };
    const fetch = async () => {
      if (!this.answer) throw new TypeError('no network');
      return this.answer;
    };
    new Function('self', 'caches', 'fetch', 'indexedDB', SOURCE)(self, caches, fetch, indexedDB);
  }
  async tell(name: string, event: object = {}): Promise<unknown> {
    let done: unknown;
    this.handlers[name]!({ waitUntil: (work: unknown) => (done = work), respondWith: (answer: unknown) => (done = answer), ...event } as never);
    return done;
  }
  open(): Promise<unknown> {
    return this.tell('fetch', { request: { method: 'GET', mode: 'navigate', url: 'https://x/officer' } });
  }
}
const page = (version: string): Response => new Response(`<script>{"version": "${version}"}</script>`);
const keptPages = (): string[] => [...caches_by_name].filter(([, kept]) => kept.has('/officer')).map(([name]) => name);

beforeEach(() => {
  caches_by_name = new Map();
  wiped = [];
});

it('keeps page and files of one build, starts from them with no network, and waits instead of taking over', async () => {
  const worker = new Worker('a1');
  worker.answer = page('a1');
  await worker.tell('install');
  expect([worker.skipped, keptPages()]).toEqual([0, ['nearcast-officer-a1']]);
  worker.answer = null;
  expect(await ((await worker.open()) as Response).text()).toContain('a1');
  await worker.tell('message', { data: 'go' });
  expect(worker.skipped).toBe(1);
});

it('an old worker gives the page of a new server, and does not keep it without its files', async () => {
  const worker = new Worker('a1');
  worker.answer = page('a1');
  await worker.tell('install');
  worker.answer = page('b2');
  expect(await ((await worker.open()) as Response).text()).toContain('b2');
  worker.answer = null;
  expect(await ((await worker.open()) as Response).text()).toContain('a1');
});

it('leaves the files of the version before for a tab that still runs it, not its page, and drops older ones', async () => {
  for (const name of ['nearcast-officer-x', 'nearcast-officer-a1', 'other']) caches_by_name.set(name, new Map([['/officer', 'page'], ['/static/assets/old.js', 'old']]));
  const worker = new Worker('b2');
  worker.answer = page('b2');
  await worker.tell('install');
  await worker.tell('activate');
  expect([...caches_by_name.keys()]).toEqual(['nearcast-officer-a1', 'other', 'nearcast-officer-b2']);
  expect(keptPages()).toEqual(['other', 'nearcast-officer-b2']);
  worker.answer = null;
  const file = await worker.tell('fetch', { request: { method: 'GET', mode: 'cors', url: 'https://x/static/assets/old.js' } });
  expect(await (file as Response).text()).toBe('old');
});

it('wipes page and order when the server sends it to sign in or refuses, and when the page says so', async () => {
  const gone = { type: 'opaqueredirect', ok: false, status: 0 };
  for (const answer of [gone, new Response('', { status: 403 })]) {
    const worker = new Worker('a1');
    worker.answer = page('a1');
    await worker.tell('install');
    worker.answer = answer;
    await worker.open();
    expect([keptPages(), wiped.splice(0)]).toEqual([[], ['board']]);
  }
  const worker = new Worker('a1');
  worker.answer = page('a1');
  await worker.tell('install');
  await worker.tell('message', { data: 'forget' });
  expect([keptPages(), wiped]).toEqual([[], ['board']]);
});

it('answers nothing of the API', async () => {
  const worker = new Worker('a1');
  for (const path of ['/api/v1/board', '/intake', '/desk', '/api/v1/stills/x']) {
    expect(await worker.tell('fetch', { request: { method: 'GET', mode: 'cors', url: `https://x${path}` } })).toBeUndefined();
  }
});
