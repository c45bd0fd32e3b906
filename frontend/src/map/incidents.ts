/** Incidents on the map: the level's own shape and the last part of the number; the chosen one larger, with its circle. */
import type { LayerSpecification } from 'maplibre-gl';
import type { IncidentCard } from '../contract/types';
import { circleRing } from '../core/geo';
import { tail } from '../core/time';
import type { Dress } from './dress';
import { collect, point, ring, type Features } from './features';
import { STRONG } from './style';

export const INCIDENTS = 'incidents';

export function incidentFeatures(incidents: Iterable<IncidentCard>, chosen: string | null): Features {
  const features: Features['features'] = [];
  for (const one of incidents) {
    const mine = one.uid === chosen;
    if (mine && one.circle_m) features.push(ring(circleRing(one.point, one.circle_m), { circle: true }));
    const properties = { uid: one.uid, icon: `level-${one.level}`, number: mine ? '' : tail(one.number), size: mine ? 1.4 : 0.8, rank: mine ? 0 : one.level };
    features.push(point(one.point, properties));
  }
  return collect(features);
}

export function incidentLayers(d: Dress): LayerSpecification[] {
  return [
    { id: 'incident-circle', type: 'line', source: INCIDENTS, filter: ['has', 'circle'], paint: { 'line-color': d.ink2, 'line-width': 1.2, 'line-dasharray': [3, 2] } },
    {
      id: 'incident', type: 'symbol', source: INCIDENTS, filter: ['has', 'icon'],
      layout: {
        'icon-image': ['get', 'icon'], 'icon-size': ['get', 'size'], 'icon-allow-overlap': true, 'symbol-sort-key': ['get', 'rank'],
        'text-field': ['get', 'number'], 'text-font': STRONG, 'text-size': 12, 'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 1.1, 'text-justify': 'auto', 'text-optional': true,
      },
      paint: { 'text-color': d.ink1, 'text-halo-color': d.halo, 'text-halo-width': 1.6 },
    },
  ];
}
