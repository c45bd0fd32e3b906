/** The crews of `crews.ts` out of what this phone knows now. */
import type { Session } from '../session.svelte';
import { crewsOn, type Crew } from './crews';

/** The other crews on an incident, as this phone has them. */
export function crewsOf(session: Session, incident: string, now_ms: number): Crew[] {
  const { store } = session.app;
  const { here } = session.sharing;
  const units = store.board?.unit.values() ?? [];
  return crewsOn(incident, session.me.unit ?? '', units, (uid) => store.positions.of(uid), here ? [here.lon, here.lat] : null, now_ms);
}
