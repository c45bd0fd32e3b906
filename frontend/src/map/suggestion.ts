/** Lines from the listed units to the chosen incident: neutral with ever shorter dashes, blue and thick once ordered. Straight for now. */
import type { LayerSpecification } from 'maplibre-gl';
import { middle, type LonLat } from '../core/geo';
import type { Dress } from './dress';
import { collect, line, point, type Features } from './features';

export const SUGGESTION = 'suggestion';

export interface UnitLine {
  slot: number;
  from: LonLat;
  /** The plate's words: distance now, travel time when the ranking knows it. */
  text: string;
  ordered: boolean;
}

export const plateName = (one: UnitLine): string => `plate:${one.slot}:${one.text}:${one.ordered ? 1 : 0}`;

type Pixels = { x: number; y: number };
export type Project = (at: LonLat) => Pixels;

const PLATE = { height: 18, head: 16, pad: 12, letter: 7.5, gap: 3 };
/** Where along its line a plate may stand, best first; 0 is the unit, 1 the incident. */
const ALONG = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
/** Half the size of the marks of the units and of the chosen incident, which no plate should cover; the incident's least of all. */
const MARK_PX = 14;
const INCIDENT_PX = 18;
const COSTS = { incident: 3, other: 1 };

interface Box extends Pixels {
  width: number;
  height: number;
}

const meet = (a: Box, b: Box): boolean =>
  Math.abs(a.x - b.x) * 2 < a.width + b.width + PLATE.gap * 2 && Math.abs(a.y - b.y) * 2 < a.height + b.height + PLATE.gap * 2;

const between = (from: LonLat, to: LonLat, part: number): LonLat => [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];

/** Where a plate may stand: along its line, and where that is too short for it, beyond the unit on the side away from the incident. */
function parts(from: Pixels, to: Pixels, width: number): number[] {
  const [dx, dy] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
  const clear = Math.min((width / 2 + MARK_PX + PLATE.gap + 1) / dx, (PLATE.height / 2 + MARK_PX + PLATE.gap + 1) / dy);
  return Number.isFinite(clear) ? [...ALONG, -clear] : ALONG;
}

/**
 * A place for each plate on its own line where it covers neither another plate nor the incident nor a listed unit; where
 * there is none, the one that covers least of them. The ordered and the first listed choose first.
 */
export function plateSpots(lines: readonly UnitLine[], to: LonLat, project: Project): LonLat[] {
  const square = (at: LonLat, half: number): Box => ({ ...project(at), width: half * 2, height: half * 2 });
  const incident = square(to, INCIDENT_PX);
  const taken: Box[] = lines.map((one) => square(one.from, MARK_PX));
  const spots = new Map<UnitLine, LonLat>();
  const first = [...lines].sort((a, b) => Number(b.ordered) - Number(a.ordered) || a.slot - b.slot);
  for (const one of first) {
    const size = { width: PLATE.head + PLATE.pad + one.text.length * PLATE.letter, height: PLATE.height };
    const boxes = parts(project(one.from), project(to), size.width).map((part) => ({ at: between(one.from, to, part), box: { ...project(between(one.from, to, part)), ...size } }));
    const covered = boxes.map(({ box }) => (meet(box, incident) ? COSTS.incident : 0) + COSTS.other * taken.filter((other) => meet(box, other)).length);
    const best = boxes[covered.indexOf(Math.min(...covered))]!;
    taken.push(best.box);
    spots.set(one, best.at);
  }
  return lines.map((one) => spots.get(one)!);
}

/** Lines and plates of the first four listed units, and of every ordered one; without `project` plates stand in the middle. */
export function suggestionFeatures(lines: readonly UnitLine[], to: LonLat, project?: Project): Features {
  const spots = project ? plateSpots(lines, to, project) : lines.map((one) => middle(one.from, to));
  return collect(lines.flatMap((one, index) => [
    line([one.from, to], { rank: one.ordered ? 0 : one.slot }),
    point(spots[index]!, { plate: plateName(one), slot: one.slot }),
  ]));
}

const DASHES: [number, number[] | null][] = [[1, null], [2, [3.3, 1]], [3, [1.7, 1]], [4, [0.7, 1]]];

export function suggestionLayers(d: Dress): LayerSpecification[] {
  const isLine = (rank: number): never => ['all', ['==', ['geometry-type'], 'LineString'], ['==', ['get', 'rank'], rank]] as never;
  return [
    { id: 'suggestion-halo', type: 'line', source: SUGGESTION, filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': d.halo, 'line-width': 6, 'line-opacity': 0.8 } },
    ...DASHES.map(([rank, dash]): LayerSpecification => ({
      id: `suggestion-${rank}`, type: 'line', source: SUGGESTION, filter: isLine(rank),
      paint: { 'line-color': d.ink2, 'line-width': 3, 'line-opacity': 0.85, ...(dash ? { 'line-dasharray': dash } : {}) },
    })),
    { id: 'suggestion-ordered', type: 'line', source: SUGGESTION, filter: isLine(0), paint: { 'line-color': d.go, 'line-width': 4.5 } },
  ];
}

/** Plates lie above everything else but the units. */
export function plateLayers(): LayerSpecification[] {
  return [{
    id: 'suggestion-plate', type: 'symbol', source: SUGGESTION, filter: ['has', 'plate'],
    layout: { 'icon-image': ['get', 'plate'], 'icon-allow-overlap': true, 'symbol-sort-key': ['-', 0, ['get', 'slot']] },
  }];
}
