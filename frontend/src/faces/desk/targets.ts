/** Who can be ordered besides the units of the list: desks, posts and own units, by code or name. */
import type { CentreCard, UnitCard } from '../../contract/types';
import { distanceM } from '../../core/geo';
import type { Target } from './acts_between';
import { upwards } from '../../core/line';
import type { Desk } from './desk.svelte';

const same = (a: string, b: string): boolean => a.toUpperCase().replace(/-/g, '') === b.toUpperCase().replace(/-/g, '');

/** The centre with this code. */
export function centreOf(desk: Desk, code: string): CentreCard | undefined {
  return [...(desk.store.board?.centre.values() ?? [])].find((one) => same(one.code, code));
}

/** The post or desk that a code names; a post before a desk. */
export function targetOf(desk: Desk, code: string): Target | null {
  const post = [...(desk.store.board?.post.values() ?? [])].find((one) => same(one.code, code));
  if (post) return { kind: 'post', uid: post.uid, code: post.code };
  const centre = centreOf(desk, code);
  return centre ? { kind: 'centre', uid: centre.uid, code: centre.code } : null;
}

/** Desks that may be ordered: everybody else's, the own tree first. */
export function otherDesks(desk: Desk): CentreCard[] {
  const { board } = desk.store;
  if (!board) return [];
  const own = (one: CentreCard): boolean => desk.home !== null && upwards(one.uid, board.centre).includes(desk.home);
  const rooms = [...board.centre.values()].filter((one) => one.uid !== desk.home && one.line !== 'watch_room');
  return rooms.sort((a, b) => Number(own(b)) - Number(own(a)) || a.code.localeCompare(b.code, undefined, { numeric: true }));
}

/** Own units that are free, nearest to the incident first: what a desk out of the incident's tree chooses from. */
export function freeUnits(desk: Desk): { unit: UnitCard; distance_m: number | null }[] {
  const { board } = desk.store;
  const { incident } = desk;
  if (!board || !incident) return [];
  const own = [...board.unit.values()].filter((one) => one.on_duty && (one.state === 'available' || one.state === 'conditional') && desk.home !== null && upwards(one.centre, board.centre).includes(desk.home));
  const far = own.map((unit) => {
    const point = desk.store.positions.of(unit.uid)?.point ?? unit.reported_point;
    return { unit, distance_m: point ? distanceM(point, incident.point) : null };
  });
  return far.sort((a, b) => (a.distance_m ?? 1e9) - (b.distance_m ?? 1e9)).slice(0, 30);
}
