/** Cameras from vector tiles: counted clusters when far, their own symbols from zoom 13. Neutral: only a dead one has a hue. */
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { Dress } from './dress';
import { CAMERA_SYMBOL } from './images';
import { REGULAR } from './style';

export const CAMERAS = 'cameras';
const POINTS_FROM_ZOOM = 13;

export function cameraSource(tiles: string): SourceSpecification {
  return { type: 'vector', tiles: [`${tiles}/cameras/{z}/{x}/{y}`], minzoom: 6, maxzoom: 15 };
}

export function cameraLayers(d: Dress): LayerSpecification[] {
  const symbol = ['match', ['get', 'kind'], ...Object.entries(CAMERA_SYMBOL).flatMap(([kind, name]) => [kind, `camera-${name}`]), 'camera-fixed'];
  const image = ['case', ['==', ['get', 'status'], 'offline'], ['concat', symbol, '-dead'], symbol];
  return [
    {
      id: 'camera-cluster', type: 'symbol', source: CAMERAS, 'source-layer': 'cameras', maxzoom: POINTS_FROM_ZOOM, filter: ['has', 'count'],
      layout: { 'text-field': ['to-string', ['get', 'count']], 'text-font': REGULAR, 'text-size': 10.5, 'icon-image': 'camera-fixed', 'icon-size': 0.7, 'text-anchor': 'left', 'text-offset': [0.7, 0], 'text-optional': true },
      paint: { 'icon-opacity': 0.6, 'text-color': d.ink3, 'text-halo-color': d.halo, 'text-halo-width': 1.2 },
    },
    {
      id: 'camera', type: 'symbol', source: CAMERAS, 'source-layer': 'cameras', minzoom: POINTS_FROM_ZOOM, filter: ['!', ['has', 'count']],
      layout: { 'icon-image': image as never, 'icon-size': ['interpolate', ['linear'], ['zoom'], 13, 0.5, 16, 0.9], 'icon-padding': 0 },
      paint: { 'icon-opacity': ['interpolate', ['linear'], ['zoom'], 13, 0.45, 16, 0.8] },
    },
  ];
}
