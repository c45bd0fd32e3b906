/** From the desk's cards to the map's features: once a beat. */
import type { LonLat } from '../../../core/geo';
import { age, metres } from '../../../core/time';
import { clock } from '../../../core/clock.svelte';
import { DISTRESS, distressFeatures, type DistressMark } from '../../../map/distress';
import { INCIDENTS, incidentFeatures } from '../../../map/incidents';
import { POSTS, postFeatures } from '../../../map/posts';
import type { MapService } from '../../../map/service';
import { SIGHT, sightFeatures } from '../../../map/sight';
import { SUGGESTION, suggestionFeatures, type UnitLine } from '../../../map/suggestion';
import { nothing } from '../../../map/features';
import { placeOf, UNITS, unitFeatures } from '../../../map/units';
import type { Desk } from '../desk.svelte';
import { distanceNow, orderOf } from '../rows';

const DRAWN_LINES = 4;
/** Listed units that the map makes room for: farther ones would shrink the place itself. */
const NEAR_LINES = 2;

/** Lines of the chosen incident: the first listed units, and every ordered one. */
export function unitLines(desk: Desk): UnitLine[] {
  const { incident, list, orders, store } = desk;
  if (!incident || !list || !store.board) return [];
  const lines: UnitLine[] = [];
  for (const line of list.units) {
    const ordered = orderOf(line.unit, orders) !== undefined;
    if (!ordered && line.slot > DRAWN_LINES) continue;
    const unit = store.unit(line.unit);
    const placed = unit && placeOf(unit, store.positions.of(unit.uid), store.board.post, clock.now_ms);
    if (placed) lines.push({ slot: line.slot, from: placed.at, text: metres(Math.round(distanceNow(line, placed.fix, incident) / 10) * 10), ordered });
  }
  return lines;
}

/** What should be in view with the chosen incident: itself, the drawn units, the cameras that see it. */
export function around(desk: Desk): LonLat[] {
  const { incident, newest } = desk;
  if (!incident) return [];
  const near = (newest?.cameras ?? []).filter((camera) => camera.sight === 'sees' || camera.sight === 'can_turn').map((camera) => camera.point);
  const first = unitLines(desk).filter((line) => line.ordered || line.slot <= NEAR_LINES);
  return [incident.point, ...first.map((line) => line.from), ...near];
}

/** The lines alone: their plates make room for one another, so another zoom is another arrangement. */
export function drawLines(map: MapService, desk: Desk): void {
  const { incident } = desk;
  const lines = unitLines(desk);
  map.setPlates(lines);
  map.show(SUGGESTION, incident ? suggestionFeatures(lines, incident.point, (at) => map.project(at)) : nothing());
}

/** Where officers need help, by the newest place known of each. */
function distressMarks(desk: Desk): DistressMark[] {
  return desk.watch.all.flatMap((one) => {
    const at = desk.watch.where(one);
    return at ? [{ uid: one.unit, sign: one.call_sign, point: at.point, age: at.age_s !== null && at.age_s > desk.bands.live_s ? age(at.age_s) : '' }] : [];
  });
}

/** Put everything of now on the map. */
export function draw(map: MapService, desk: Desk): void {
  const { board } = desk.store;
  if (!board) return;
  drawLines(map, desk);
  map.show(SIGHT, sightFeatures(desk.newest?.cameras ?? []));
  map.show(INCIDENTS, incidentFeatures(board.incident.values(), desk.chosen));
  map.show(POSTS, postFeatures(board.post.values()));
  const units = desk.store.units();
  const marks = distressMarks(desk);
  map.show(DISTRESS, distressFeatures(marks));
  map.show(UNITS, unitFeatures(units, (uid) => desk.store.positions.of(uid), board.post, desk.bands, clock.now_ms, null, new Set(marks.map((one) => one.uid))));
}
