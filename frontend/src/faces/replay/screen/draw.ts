/** From the recording's moment to the map's features: the same layers as live, and trails, and what is not known. */
import type { SuggestedCamera } from '../../../contract/types';
import { clock } from '../../../core/clock.svelte';
import type { LonLat } from '../../../core/geo';
import { metres } from '../../../core/time';
import { COULD, couldFeatures, type Lost } from '../../../map/could';
import { nothing } from '../../../map/features';
import { INCIDENTS, incidentFeatures } from '../../../map/incidents';
import { POSTS, postFeatures } from '../../../map/posts';
import type { MapService } from '../../../map/service';
import { SIGHT, sightFeatures } from '../../../map/sight';
import { SUGGESTION, suggestionFeatures, type UnitLine } from '../../../map/suggestion';
import { TRAIL, trailFeatures } from '../../../map/trail';
import { placeOf, UNITS, unitFeatures } from '../../../map/units';
import type { Replay } from '../replay.svelte';

const DRAWN_LINES = 4;
const TRAIL_MS = 5 * 60_000;

/** Lines to the first listed units and to every ordered one, with the distance that the stored list says. */
export function unitLines(replay: Replay): UnitLine[] {
  const { incident, list, orders, store } = replay;
  if (!incident || incident.state === 'closed' || !list || !store.board) return [];
  const under = new Set(orders.filter((order) => order.active).map((order) => order.unit));
  return list.units.flatMap((line): UnitLine[] => {
    const ordered = under.has(line.unit);
    const unit = store.unit(line.unit);
    const placed = unit && placeOf(unit, store.positions.of(unit.uid), store.board!.post, clock.now_ms);
    return placed && (ordered || line.slot <= DRAWN_LINES) ? [{ slot: line.slot, from: placed.at, text: metres(line.distance_m), ordered }] : [];
  });
}

/** What should be in view: the incident, its ordered and first listed units, the cameras that see it. */
export function around(replay: Replay): LonLat[] {
  const { subject, list } = replay;
  if (!subject) return [];
  const near = (list?.cameras ?? []).filter((camera) => camera.sight === 'sees').map((camera) => camera.point);
  const sent = [...replay.sent.keys()].map((uid) => replay.store.positions.of(uid)?.point).filter((at) => at !== undefined);
  return [subject.point, ...unitLines(replay).map((line) => line.from), ...sent, ...near];
}

/** Units whose trail is drawn: those under an order of the chosen incident, and the followed one. */
function trailed(replay: Replay): string[] {
  const units = replay.orders.filter((order) => order.active && order.unit).map((order) => order.unit!);
  return [...new Set(replay.followed ? [...units, replay.followed] : units)];
}

/** Units on duty from which nothing came for longer than a live fix may be old. */
function lost(replay: Replay): Lost[] {
  const { store } = replay;
  const mine = new Set(trailed(replay));
  return store.units().flatMap((unit): Lost[] => {
    const fix = unit.on_duty ? store.positions.of(unit.uid) : undefined;
    const placed = fix && placeOf(unit, fix, store.board!.post, clock.now_ms);
    return placed?.how === 'fix' && placed.age_s! > replay.gap_s && placed.age_s! <= replay.bands.stale_s ? [{ at: placed.at, kind: unit.kind, age_s: placed.age_s!, mine: mine.has(unit.uid) }] : [];
  });
}

/** Cameras that stood elsewhere then, where they stood then. */
function movedCameras(replay: Replay): SuggestedCamera[] {
  const now = clock.now_ms;
  return replay.recording.head.cameras.filter((one) => Date.parse(one.placed_from) <= now && now < Date.parse(one.placed_to)).map((one) => ({
    slot: 0, camera: one.uid, code: one.code, name: one.code, kind: one.kind, grade: 'general', point: one.point as LonLat, heading_deg: one.heading_deg,
    fov_deg: one.fov_deg, range_m: one.range_m, distance_m: 0, bearing_deg: 0, sight: one.heading_deg === null ? 'unknown' : 'away', turn_deg: null,
    assumed: false, status: 'unknown', consent: 'none', reason: '',
  }));
}

/** Put the moment on the map. */
export function draw(map: MapService, replay: Replay): void {
  const { store, incident, recording } = replay;
  const { board } = store;
  if (!board) return;
  const lines = unitLines(replay);
  const now = clock.now_ms;
  map.setPlates(lines);
  map.show(SUGGESTION, incident ? suggestionFeatures(lines, incident.point) : nothing());
  map.show(SIGHT, sightFeatures([...(incident?.state === 'closed' ? [] : (replay.list?.cameras ?? [])), ...movedCameras(replay)]));
  map.show(INCIDENTS, incidentFeatures(board.incident.values(), replay.chosen));
  map.show(POSTS, postFeatures(board.post.values()));
  map.show(COULD, couldFeatures(lost(replay)));
  const trails = trailed(replay).flatMap((uid) => {
    const track = recording.tracks.of.get(uid);
    return track ? [recording.tracks.trail(track, now - TRAIL_MS, now)] : [];
  });
  map.show(TRAIL, trailFeatures(trails, replay.gap_s));
  map.show(UNITS, unitFeatures(store.units(), (uid) => store.positions.of(uid), board.post, replay.bands, now, replay.followed));
}
