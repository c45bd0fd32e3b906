/** View sectors of the chosen incident's cameras: sees filled, can turn dashed, away thin, unknown a dotted circle, dead a cross. */
import type { LayerSpecification } from 'maplibre-gl';
import type { SuggestedCamera } from '../contract/types';
import { circleRing, sectorRing, type LonLat } from '../core/geo';
import type { Dress } from './dress';
import { collect, point, ring, type Features } from './features';

export const SIGHT = 'sight';
const THIN_M = 40;
const UNKNOWN_M = 25;
const ASSUMED_FOV_DEG = 60;
const ASSUMED_RANGE_M = 80;

/** A camera's ring: a turning one is drawn towards the incident, where it would look. */
function shape(camera: SuggestedCamera): LonLat[] | null {
  const fov = camera.fov_deg ?? ASSUMED_FOV_DEG;
  const reach = Math.max(camera.range_m ?? ASSUMED_RANGE_M, camera.distance_m);
  switch (camera.sight) {
    case 'sees':
      return sectorRing(camera.point, camera.heading_deg ?? camera.bearing_deg, fov, Math.min(reach, Math.max(camera.distance_m * 1.25, 40)));
    case 'can_turn':
      return sectorRing(camera.point, camera.bearing_deg, Math.min(fov, 60), Math.min(reach, Math.max(camera.distance_m, 40)));
    case 'away':
      return camera.heading_deg === null ? null : sectorRing(camera.point, camera.heading_deg, fov, THIN_M);
    case 'unknown':
      return circleRing(camera.point, UNKNOWN_M);
    default:
      return null;
  }
}

export function sightFeatures(cameras: readonly SuggestedCamera[]): Features {
  const features: Features['features'] = [];
  for (const camera of cameras) {
    const outline = shape(camera);
    if (outline) features.push(ring(outline, { sight: camera.sight }));
    features.push(point(camera.point, { sight: camera.sight, code: camera.code, uid: camera.camera }));
  }
  return collect(features);
}

export function sightLayers(d: Dress): LayerSpecification[] {
  const outline = (sight: string): LayerSpecification['filter' & keyof LayerSpecification] =>
    ['all', ['==', ['geometry-type'], 'Polygon'], ['==', ['get', 'sight'], sight]] as never;
  return [
    { id: 'sight-fill', type: 'fill', source: SIGHT, filter: outline('sees'), paint: { 'fill-color': d.sightFill } },
    { id: 'sight-sees', type: 'line', source: SIGHT, filter: outline('sees'), paint: { 'line-color': d.sightLine, 'line-width': 1.1 } },
    { id: 'sight-turn', type: 'line', source: SIGHT, filter: outline('can_turn'), paint: { 'line-color': d.sightLine, 'line-width': 1.2, 'line-dasharray': [3.4, 2.4] } },
    { id: 'sight-away', type: 'line', source: SIGHT, filter: outline('away'), paint: { 'line-color': d.sightDim, 'line-width': 0.8, 'line-opacity': 0.7 } },
    { id: 'sight-unknown', type: 'line', source: SIGHT, filter: outline('unknown'), paint: { 'line-color': d.sightDim, 'line-width': 1, 'line-dasharray': [1, 1.6] } },
    {
      id: 'sight-dot', type: 'circle', source: SIGHT, filter: ['all', ['==', ['geometry-type'], 'Point'], ['!=', ['get', 'sight'], 'dead']],
      paint: { 'circle-radius': ['match', ['get', 'sight'], ['sees', 'can_turn'], 3.4, 2.4], 'circle-color': ['match', ['get', 'sight'], ['sees', 'can_turn'], d.sightLine, d.sightDim], 'circle-stroke-color': d.halo, 'circle-stroke-width': 1.2 },
    },
    {
      id: 'sight-dead', type: 'symbol', source: SIGHT, filter: ['all', ['==', ['geometry-type'], 'Point'], ['==', ['get', 'sight'], 'dead']],
      layout: { 'icon-image': 'sight-dead', 'icon-allow-overlap': true },
    },
  ];
}
