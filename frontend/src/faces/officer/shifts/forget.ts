/** What the end of a duty must know of its log, without the page that shows it. */
export const LOG = 'nearcast.officer.shift';

export function forgetLog(): void {
  localStorage.removeItem(LOG);
}
