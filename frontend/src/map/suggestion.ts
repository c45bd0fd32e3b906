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

/** Lines and plates of the first four listed units, and of every ordered one. */
export function suggestionFeatures(lines: readonly UnitLine[], to: LonLat): Features {
  return collect(lines.flatMap((one) => [
    line([one.from, to], { rank: one.ordered ? 0 : one.slot }),
    point(middle(one.from, to), { plate: plateName(one), slot: one.slot }),
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
