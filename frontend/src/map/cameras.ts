/** Cameras from vector tiles: counts when far, marks from zoom 13, each by itself and poles spread from 17. Which are dead comes apart. */
import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { Dress } from './dress';
import { CAMERA_SYMBOL } from './images';
import { REGULAR } from './words';

export const CAMERAS = 'cameras';
export const DEAD = 'dead';
const POINTS_FROM_ZOOM = 13;
const DEEPEST = 17;
/** Side of one symbol's room on a pole, and how many stand in one row of it. */
const ROOM_PX = 16;
const ROW = 4;
const MOST_ON_POLE = 12;

export function cameraSource(tiles: string): SourceSpecification {
  return { type: 'vector', tiles: [`${tiles}/cameras/{z}/{x}/{y}`], minzoom: 3, maxzoom: DEEPEST, promoteId: { cameras: 'uid', sector: 'uid' } };
}

/** Addresses of the tiles of dead cameras; another version is another address. */
export const deadTiles = (tiles: string, version = ''): string[] => [`${tiles}/dead/{z}/{x}/{y}${version ? `?v=${encodeURIComponent(version)}` : ''}`];

export function deadSource(tiles: string): SourceSpecification {
  return { type: 'vector', tiles: deadTiles(tiles), minzoom: POINTS_FROM_ZOOM, maxzoom: DEEPEST };
}

/** Where the i-th of n on one pole stands beside it: rows of four around the pole. */
export function poleOffset(i: number, n: number): [number, number] {
  const rows = Math.ceil(n / ROW);
  const [row, column] = [Math.floor(i / ROW), i % ROW];
  const inRow = row === rows - 1 ? n - row * ROW : ROW;
  return [(column - (inRow - 1) / 2) * ROOM_PX, (row - (rows - 1) / 2) * ROOM_PX];
}

/** An expression cannot make a pair of numbers: every case is written out. */
function offsets(): ExpressionSpecification {
  const cases: unknown[] = [];
  for (let n = 2; n <= MOST_ON_POLE; n += 1) for (let i = 0; i < n; i += 1) cases.push(`${i}/${n}`, ['literal', poleOffset(i, n)]);
  return ['match', ['concat', ['coalesce', ['get', 'i'], ''], '/', ['coalesce', ['get', 'n'], '']], ...cases, ['literal', [0, 0]]] as unknown as ExpressionSpecification;
}

/** The uid as the rest of the house writes it: tiles carry its 16 bytes as base64url, which is shorter. */
export function fullUid(short: string): string {
  if (short.length !== 22) return short;
  const bytes = atob(`${short.replaceAll('-', '+').replaceAll('_', '/')}==`);
  const hex = [...bytes].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export function cameraLayers(d: Dress): LayerSpecification[] {
  const symbol = ['match', ['coalesce', ['get', 'kind'], ''], ...Object.entries(CAMERA_SYMBOL).flatMap(([kind, name]) => [kind, `camera-${name}`]), 'camera-fixed'];
  const isDead: ExpressionSpecification = ['boolean', ['feature-state', 'dead'], false];
  const size: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 13, 0.5, 16, 0.9];
  // Several that would cover one another: their number beside the symbol, until there is room to set them side by side.
  const several: ExpressionSpecification = ['case', ['all', ['has', 'n'], ['!', ['has', 'i']]], ['to-string', ['get', 'n']], ''];
  return [
    {
      id: 'camera-sector', type: 'fill', source: CAMERAS, 'source-layer': 'sector', minzoom: 15, layout: { visibility: 'none' },
      paint: { 'fill-color': d.sightFill, 'fill-opacity': ['case', isDead, 0, 0.45] },
    },
    {
      id: 'camera-sector-line', type: 'line', source: CAMERAS, 'source-layer': 'sector', minzoom: 15, layout: { visibility: 'none' },
      paint: { 'line-color': d.sightDim, 'line-width': 0.7, 'line-opacity': ['case', isDead, 0, 0.5] },
    },
    {
      id: 'camera-cluster', type: 'symbol', source: CAMERAS, 'source-layer': 'cameras', maxzoom: POINTS_FROM_ZOOM, filter: ['has', 'count'],
      layout: { 'text-field': ['case', ['>', ['get', 'count'], 1], ['to-string', ['get', 'count']], ''], 'text-font': REGULAR, 'text-size': 10.5, 'icon-image': 'camera-fixed', 'icon-size': 0.7, 'text-anchor': 'left', 'text-offset': [0.7, 0], 'text-optional': true },
      paint: { 'icon-opacity': 0.6, 'text-color': d.ink3, 'text-halo-color': d.halo, 'text-halo-width': 1.2 },
    },
    {
      id: 'camera', type: 'symbol', source: CAMERAS, 'source-layer': 'cameras', minzoom: POINTS_FROM_ZOOM, filter: ['!', ['has', 'count']],
      layout: {
        'icon-image': symbol as never, 'icon-size': size, 'icon-padding': 0, 'icon-allow-overlap': true, 'icon-offset': offsets(),
        'text-field': several, 'text-font': REGULAR, 'text-size': 9.5, 'text-anchor': 'left', 'text-offset': [0.65, -0.1], 'text-optional': true, 'text-padding': 0,
      },
      paint: {
        'icon-opacity': ['interpolate', ['linear'], ['zoom'], 13, ['case', isDead, 0, 0.45], 16, ['case', isDead, 0, 0.8]],
        'text-color': d.ink3, 'text-halo-color': d.halo, 'text-halo-width': 1.1,
      },
    },
    {
      id: 'camera-dead', type: 'symbol', source: DEAD, 'source-layer': DEAD, minzoom: POINTS_FROM_ZOOM,
      layout: { 'icon-image': 'camera-dead', 'icon-size': size, 'icon-padding': 0, 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-offset': offsets() },
      paint: { 'icon-opacity': ['interpolate', ['linear'], ['zoom'], 13, 0.7, 16, 1] },
    },
  ];
}
