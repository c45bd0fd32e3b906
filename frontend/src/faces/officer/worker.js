/* Keeps the officer's page readable without a network: page and files of the present build, nothing from the API.
   `self.SHELL` = {version, files, later} is written in front of this by the server (frontend/installed.py). */
const NAME = `nearcast-officer-${self.SHELL.version}`;
const PAGE = '/officer';
const WAIT_MS = 4000;

/* The page that is open was loaded before there was a worker, so it is fetched once more here; a sign-in page is not kept. */
async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll(self.SHELL.files);
  const answer = await fetch(PAGE, { redirect: 'manual', credentials: 'same-origin' });
  if (answer.ok) await cache.put(PAGE, answer);
  await self.skipWaiting();
}

self.addEventListener('install', (event) => event.waitUntil(install()));

self.addEventListener('activate', (event) => {
  const older = (name) => name.startsWith('nearcast-officer-') && name !== NAME;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(older).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
  // The map, for the day there is no network; the page does not wait for it, and works without.
  void caches.open(NAME).then((cache) => cache.addAll(self.SHELL.later)).catch(() => undefined);
});

/* The page: the network first, so that a session that ended shows the sign-in; the kept page when there is none. */
async function page(request) {
  const cache = await caches.open(NAME);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(WAIT_MS) });
    if (answer.ok && !answer.redirected) await cache.put(PAGE, answer.clone());
    return answer;
  } catch (failure) {
    const kept = await cache.match(PAGE);
    if (kept) return kept;
    throw failure;
  }
}

/* Built files carry their content's hash in the name, so the kept copy is always the right one. */
async function file(request) {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && url.pathname === PAGE) event.respondWith(page(request));
  else if (url.pathname.startsWith('/static/assets/')) event.respondWith(file(request));
});

/* Signing out or off: what the page kept of the person goes too. */
self.addEventListener('message', (event) => {
  if (event.data === 'forget') event.waitUntil(caches.open(NAME).then((cache) => cache.delete(PAGE)));
});
