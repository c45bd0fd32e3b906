/** Where a unit without data could be: a dashed ring round its last fix that grows with every second. Never a dot that slides on. */
import type { LayerSpecification } from 'maplibre-gl';
import { circleRing, type LonLat } from '../core/geo';
import type { Dress } from './dress';
import { collect, ring, type Features } from './features';

export const COULD = 'could';
/** What a kind of unit can make in a straight line, in m/s: a car 60 km/h in town, a foot patrol that runs. Own figures. */
const REACH_MPS: Record<string, number> = { car: 16.7, moto: 16.7, cmd: 16.7, cam: 13.9, boat: 8, foot: 3 };
const MOST_M = 5000;

export interface Lost {
  at: LonLat;
  kind: string;
  age_s: number;
  /** It is what one is looking at: its ring is filled too. */
  mine: boolean;
}

/** Metres that a unit of this kind can have gone in this time. */
export function couldReachM(kind: string, age_s: number): number {
  return Math.min(MOST_M, (REACH_MPS[kind] ?? 16.7) * Math.max(0, age_s));
}

export function couldFeatures(lost: readonly Lost[]): Features {
  return collect(lost.map((one) => ring(circleRing(one.at, Math.max(1, couldReachM(one.kind, one.age_s))), { mine: one.mine })));
}

export function couldLayers(d: Dress): LayerSpecification[] {
  return [
    { id: 'could-fill', type: 'fill', source: COULD, filter: ['==', ['get', 'mine'], true], paint: { 'fill-color': d.blind, 'fill-opacity': 0.07 } },
    { id: 'could-line', type: 'line', source: COULD, paint: { 'line-color': d.blind, 'line-width': 1.2, 'line-dasharray': [3, 2.4], 'line-opacity': ['case', ['get', 'mine'], 1, 0.45] } },
  ];
}
