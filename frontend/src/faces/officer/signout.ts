/** Signing out on the phone: nothing of the person or the duty stays in this browser. */
import { shelfOf, type Session } from './session.svelte';

/** Wipe, tell the service worker, then end the session at the server and go to the sign-in page. */
export async function signOut(session: Session): Promise<void> {
  session.forget();
  session.app.feed.end();
  localStorage.removeItem(shelfOf(session.bootMe.person.uid));
  navigator.serviceWorker?.controller?.postMessage('forget');
  const { csrf_cookie, csrf_header } = session.app.boot;
  const token = document.cookie.split('; ').find((pair) => pair.startsWith(`${csrf_cookie}=`))?.split('=')[1] ?? '';
  await fetch('/accounts/logout/', { method: 'POST', headers: { [csrf_header]: token }, redirect: 'manual' });
  location.assign('/accounts/login/');
}
