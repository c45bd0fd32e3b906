/* Part of the officer's service worker: a push rings, a tap opens the page. What came says only that there is an order or a call for help. */
const NOTICES = {
  order: { zh: { title: '有新指令', body: '点按打开' }, en: { title: 'New order', body: 'Tap to open' } },
  distress: { zh: { title: '附近同事一键求助', body: '点按打开' }, en: { title: 'A colleague near you calls for help', body: 'Tap to open' } },
};

/* Every push must show a notice, or the browser takes the right away; one that is on screen already needs no second sound. */
async function ring(data) {
  let said = {};
  try {
    said = data ? data.json() : {};
  } catch {
    // Not ours to judge: that something came is reason enough to look.
  }
  const what = said.what === 'distress' ? 'distress' : 'order';
  const words = NOTICES[what][said.language] ?? NOTICES[what].zh;
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const watched = pages.some((client) => client.visibilityState === 'visible');
  await self.registration.showNotification(words.title, {
    body: words.body, tag: `nearcast-${what}`, renotify: !watched, silent: watched, requireInteraction: true, lang: said.language === 'en' ? 'en' : 'zh-Hans',
  });
}

self.addEventListener('push', (event) => event.waitUntil(ring(event.data)));

async function openPage() {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const open = pages.find((client) => new URL(client.url).pathname === '/officer');
  if (open) await open.focus();
  else await self.clients.openWindow('/officer');
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openPage());
});
