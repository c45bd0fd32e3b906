/** The line of centres: who stands above whom, and the ready texts that a line has. Pure. */
import type { CannedCard, CentreCard } from '../contract/types';

/** A city, its districts and stations are three; a ring in the register ends here. */
const MOST = 12;

export type Centres = ReadonlyMap<string, Pick<CentreCard, 'uid' | 'parent'>>;

/** A centre and everything above it, the centre first. */
export function upwards(uid: string | null | undefined, centres: Centres): string[] {
  const out: string[] = [];
  for (let at = uid ? centres.get(uid) : undefined; at && out.length < MOST; at = at.parent ? centres.get(at.parent) : undefined) out.push(at.uid);
  return out;
}

/** Ready texts for one way that this centre's line has: the nearest centre's own words win over those above. */
export function readyTexts(canned: readonly CannedCard[], way: string, line: readonly string[]): CannedCard[] {
  const rank = (one: CannedCard): number => (one.centre === null ? line.length : line.indexOf(one.centre));
  const best = new Map<string, CannedCard>();
  for (const one of canned) {
    if (one.way !== way || rank(one) < 0) continue;
    const known = best.get(one.code);
    if (!known || rank(one) < rank(known)) best.set(one.code, one);
  }
  return [...best.values()];
}
