/* Keeps the officer's page readable without a network: page and files of one build together, nothing from the API.
   `self.SHELL` = {version, files, later} is written in front of this by the server (frontend/installed.py).
   A new version waits until the page says that nobody is in the middle of something ('go': update.svelte.ts). */
const FAMILY = 'nearcast-officer-';
const NAME = FAMILY + self.SHELL.version;
const PAGE = '/officer';
const WAIT_MS = 2500;
/* This version's, and the one before it: a tab that still runs it may ask for one of its files. */
const CACHES_KEPT = 2;

/* The page that is open was loaded before there was a worker, so it is fetched once more here; a sign-in page is not kept. */
async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll(self.SHELL.files);
  await keepIfOurs(await fetch(PAGE, { redirect: 'manual', credentials: 'same-origin' }));
}

async function ourCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(FAMILY));
}

async function activate() {
  const older = (await ourCaches()).filter((name) => name !== NAME);
  const kept = older.splice(-(CACHES_KEPT - 1));
  await Promise.all(older.map((name) => caches.delete(name)));
  await Promise.all(kept.map(async (name) => (await caches.open(name)).delete(PAGE)));
  await self.clients.claim();
}

self.addEventListener('install', (event) => event.waitUntil(install()));

self.addEventListener('activate', (event) => {
  event.waitUntil(activate());
  // The map, for the day there is no network; the page does not wait for it, and works without.
  void caches.open(NAME).then((cache) => cache.addAll(self.SHELL.later)).catch(() => undefined);
});

/* A page is kept beside the files it needs or not at all: that of another build would find none of its own without a network. */
async function keepIfOurs(answer) {
  if (!answer.ok || answer.redirected) return;
  const version = /"version": ?"(\w+)"/.exec(await answer.clone().text());
  if (version && version[1] === self.SHELL.version) await (await caches.open(NAME)).put(PAGE, answer);
}

/* The page: the network first, so that a session that ended shows the sign-in; the kept page when there is none. */
async function page(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(WAIT_MS) });
    if (answer.ok) await keepIfOurs(answer.clone());
    else if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) await forget();
    return answer;
  } catch (failure) {
    const kept = await caches.match(PAGE, { ignoreVary: true });
    if (kept) return kept;
    throw failure;
  }
}

/* Built files carry their content's hash in the name, so a kept copy of whichever version is always the right one. */
async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(NAME)).put(request, answer.clone());
  return answer;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && url.pathname === PAGE) event.respondWith(page(request));
  else if (url.pathname.startsWith('/static/assets/')) event.respondWith(file(request));
});

/* Signed out, or the right is gone: the page, which names the person, and the last order go. What he pressed stays his. */
async function forget() {
  await Promise.all((await ourCaches()).map(async (name) => (await caches.open(name)).delete(PAGE)));
  await new Promise((resolve) => {
    const request = indexedDB.open('nearcast');
    // No database yet: none is made here, its stores are the page's business.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = () => resolve();
    request.onsuccess = () => {
      const database = request.result;
      const change = database.transaction('kept', 'readwrite');
      change.objectStore('kept').delete('board');
      change.oncomplete = change.onabort = () => resolve(database.close());
    };
  });
}

self.addEventListener('message', (event) => {
  if (event.data === 'forget') event.waitUntil(forget());
  if (event.data === 'go') event.waitUntil(self.skipWaiting());
});
