/**
 * Leaving the phone: what stays in this browser of the person or the duty, and how it is taken away. Nothing stays but a call for help that no
 * server has: it waits under its officer's name, without a word of any case, and the next person is told that it is there.
 */
import { signInAgain } from '../../core/start';
import { wipeAllBut } from './help/press';
import { forgetPush } from './push.svelte';
import type { Session } from './session.svelte';

/** Everything that this page puts into localStorage about the duty. */
const OWN = 'nearcast.officer.';

/** The kept page names the person: it goes too, out of every version's cache. */
function forgetPage(): void {
  navigator.serviceWorker?.controller?.postMessage('forget');
}

/** Wipe, tell the service worker, then end the session at the server and go to the sign-in page. */
export async function signOut(session: Session): Promise<void> {
  session.leave();
  session.app.feed.end();
  await session.outbox.clear();
  await session.photos.forget(true);
  wipeAllBut(OWN);
  await forgetPush(session.app.api);
  forgetPage();
  const { csrf_cookie, csrf_header } = session.app.boot;
  const token = document.cookie.split('; ').find((pair) => pair.startsWith(`${csrf_cookie}=`))?.split('=')[1] ?? '';
  await fetch('/accounts/logout/', { method: 'POST', headers: { [csrf_header]: token }, redirect: 'manual' });
  location.assign('/accounts/login/');
}

/**
 * The server says that the session is over, ended elsewhere or by its time: order and page are wiped. What the officer pressed stays,
 * his own and without the order's words, and goes when he signs in again.
 */
export async function sessionOver(session: Session): Promise<void> {
  session.leave();
  forgetPage();
  await session.database.close();
  signInAgain();
}
