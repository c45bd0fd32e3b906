/** Where units came from: a line through the fixes, every fix a dot, and no line across a gap. Late fixes are hollow. */
import type { LayerSpecification } from 'maplibre-gl';
import type { LonLat } from '../core/geo';
import type { Dress } from './dress';
import { collect, line, point, type Features } from './features';

export const TRAIL = 'trail';

export interface TrailPoint {
  point: LonLat;
  fix_ms: number;
  late: boolean;
}

/** Cut a trail wherever two fixes lie more than `gap_s` apart. */
export function pieces<P extends TrailPoint>(points: readonly P[], gap_s: number): P[][] {
  const out: P[][] = [];
  points.forEach((one, i) => {
    const before = points[i - 1];
    if (!before || one.fix_ms - before.fix_ms > gap_s * 1000) out.push([]);
    out[out.length - 1]!.push(one);
  });
  return out;
}

export function trailFeatures(trails: readonly (readonly TrailPoint[])[], gap_s: number): Features {
  return collect(trails.flatMap((trail) => [
    ...pieces(trail, gap_s).filter((part) => part.length > 1).map((part) => line(part.map((one) => one.point), {})),
    ...trail.map((one) => point(one.point, { late: one.late })),
  ]));
}

export function trailLayers(d: Dress): LayerSpecification[] {
  return [
    { id: 'trail-line', type: 'line', source: TRAIL, filter: ['==', ['geometry-type'], 'LineString'], layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': d.go, 'line-width': 2.5, 'line-opacity': 0.9 } },
    {
      id: 'trail-dot', type: 'circle', source: TRAIL, filter: ['==', ['geometry-type'], 'Point'], minzoom: 12,
      paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 12, 1.2, 16, 2.6], 'circle-color': ['case', ['get', 'late'], d.blind, d.halo], 'circle-stroke-color': d.go, 'circle-stroke-width': 1.2 },
    },
  ];
}
