import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';

const SOURCE = readFileSync(join(__dirname, 'push-worker.js'), 'utf8');

interface Rung { title: string; body: string; silent: boolean }

/** Run the worker's part with a browser's side of it: what it shows, what it opens. */
function worker(pages: { url: string; visibilityState: string; focus?: () => void }[] = []) {
  const heard = new Map<string, (event: unknown) => void>();
  const rung: Rung[] = [];
  const opened: string[] = [];
  const self = {
    addEventListener: (name: string, run: (event: unknown) => void) => heard.set(name, run),
    clients: { matchAll: async () => pages, openWindow: async (url: string) => void opened.push(url) },
    registration: { showNotification: async (title: string, options: object) => void rung.push({ title, ...options } as Rung) },
  };
  runInNewContext(SOURCE, { self, URL });
  const tell = async (name: string, event: object): Promise<void> => {
    let work: Promise<unknown> = Promise.resolve();
    heard.get(name)!({ waitUntil: (given: Promise<unknown>) => (work = given), ...event });
    await work;
  };
  return { rung, opened, tell };
}

test('a push rings in the officer’s language and says nothing of the case', async () => {
  const { rung, tell } = worker();
  await tell('push', { data: { json: () => ({ what: 'order', id: 'x', language: 'en' }) } });
  await tell('push', { data: { json: () => ({ what: 'distress', id: 'x', language: 'en' }) } });
  await tell('push', { data: { json: () => { throw new Error('no json'); } } });
  await tell('push', { data: null });
  expect(rung.map((one) => one.title)).toEqual(['New order', 'A colleague near you calls for help', '有新指令', '有新指令']);
  expect(rung[0]!.silent).toBe(false);
});

test('a page that is looked at rings by itself', async () => {
  const { rung, tell } = worker([{ url: 'https://x/officer', visibilityState: 'visible' }]);
  await tell('push', { data: null });
  expect(rung[0]!.silent).toBe(true);
});

test('a tap brings the open page to the front, or opens it', async () => {
  let focused = 0;
  const open = worker([{ url: 'https://x/officer', visibilityState: 'hidden', focus: () => (focused += 1) }]);
  const none = worker();
  const notification = { close: () => undefined };
  await open.tell('notificationclick', { notification });
  await none.tell('notificationclick', { notification });
  expect([focused, open.opened, none.opened]).toEqual([1, [], ['/officer']]);
});
