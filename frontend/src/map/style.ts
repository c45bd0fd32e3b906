/** The base map: ground, roads by class and level, names, in the theme's palette. No glyph server: local fonts draw the names. */
import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { MapNames } from '../core/prefs.svelte';
import type { Palette } from './palette';
import { roadNumbers, roads } from './roads';
import { mainPois, morePois } from './poi';
import { BASE, byZoom, isClass, MAJOR, MID, MINOR, MOTOR, REGULAR } from './words';

export { REGULAR, STRONG } from './words';

const ANY: Record<MapNames, string[]> = { zh: ['name_zh', 'name', 'name_en'], en: ['name_en', 'name', 'name_zh'], local: ['name', 'name_zh', 'name_en'] };

/** A name as the reader chose, else as the data has it, else any that there is. */
export function nameIn(names: MapNames): ExpressionSpecification {
  return ['coalesce', ...ANY[names].map((field) => ['get', field]), ''] as unknown as ExpressionSpecification;
}

function roadName(id: string, classes: string[], size: number[], p: Palette, colour: string, names: MapNames, minzoom: number): LayerSpecification {
  return {
    id, type: 'symbol', source: BASE, 'source-layer': 'road', minzoom, filter: isClass(classes) as FilterSpecification,
    layout: {
      'symbol-placement': 'line', 'text-field': nameIn(names), 'text-font': REGULAR, 'text-size': byZoom(size),
      'symbol-spacing': 280, 'text-letter-spacing': 0.02, 'text-padding': 6, 'text-max-angle': 25,
    },
    paint: { 'text-color': colour, 'text-halo-color': p.halo, 'text-halo-width': 1.3 },
  };
}

/** Names of places: the more important the place, the larger and the farther out; what is small goes first when there is no room. */
function placeNames(p: Palette, names: MapNames): LayerSpecification {
  const rank: ExpressionSpecification = ['coalesce', ['get', 'r'], 6];
  return {
    id: 'name-place', type: 'symbol', source: BASE, 'source-layer': 'place',
    // Inside a city its own name says nothing, and would stand where its streets' names belong.
    filter: ['all', ['==', ['get', 'k'], 'place'], ['any', ['<', ['zoom'], 13], ['>', rank, 0]]] as FilterSpecification,
    layout: {
      'text-field': ['upcase', nameIn(names)], 'text-font': REGULAR, 'symbol-sort-key': rank,
      'text-size': ['interpolate', ['linear'], ['zoom'], 8, ['step', rank, 12, 1, 11, 3, 10], 15, ['step', rank, 16, 1, 14, 3, 12, 5, 10.5]],
      'text-letter-spacing': 0.14, 'text-max-width': 8, 'text-padding': 4,
    },
    paint: { 'text-color': p.place, 'text-halo-color': p.halo, 'text-halo-width': 1.4 },
  };
}

function groundNames(id: string, kind: string, size: number, p: Palette, colour: string, names: MapNames): LayerSpecification {
  return {
    id, type: 'symbol', source: BASE, 'source-layer': 'place', filter: ['==', ['get', 'k'], kind],
    layout: { 'text-field': nameIn(names), 'text-font': REGULAR, 'text-size': size, 'text-max-width': 7, 'text-padding': 6 },
    paint: { 'text-color': colour, 'text-halo-color': p.halo, 'text-halo-width': 1.2 },
  };
}

/** What a caller reads off a wall: numbers of houses, poles, gates; posts along a road. */
function numbers(p: Palette, names: MapNames): LayerSpecification[] {
  const paint = { 'text-color': p.house, 'text-halo-color': p.halo, 'text-halo-width': 1.1 };
  const dot = { 'icon-image': 'map-dot', 'text-variable-anchor': ['left', 'right', 'top', 'bottom'] as ('left' | 'right' | 'top' | 'bottom')[], 'text-radial-offset': 0.6, 'text-optional': true };
  const number: ExpressionSpecification = ['get', 'n'];
  return [
    {
      id: 'house', type: 'symbol', source: BASE, 'source-layer': 'house', minzoom: 17, filter: ['!', ['in', ['get', 'k'], ['literal', ['pole', 'gate', 'milestone']]]],
      layout: { 'text-field': number, 'text-font': REGULAR, 'text-size': ['interpolate', ['linear'], ['zoom'], 17, 9.5, 19, 12], 'text-padding': 3 }, paint,
    },
    {
      id: 'pole', type: 'symbol', source: BASE, 'source-layer': 'house', minzoom: 17, filter: ['==', ['get', 'k'], 'pole'],
      layout: { ...dot, 'text-field': number, 'text-font': REGULAR, 'text-size': 9.5 }, paint,
    },
    {
      id: 'gate', type: 'symbol', source: BASE, 'source-layer': 'house', minzoom: 16, filter: ['==', ['get', 'k'], 'gate'],
      layout: { ...dot, 'icon-image': 'map-gate', 'text-field': ['coalesce', nameIn(names), number], 'text-font': REGULAR, 'text-size': 10 }, paint,
    },
    {
      id: 'milestone', type: 'symbol', source: BASE, 'source-layer': 'house', minzoom: 14, filter: ['==', ['get', 'k'], 'milestone'],
      layout: { ...dot, 'text-field': number, 'text-font': REGULAR, 'text-size': 10 }, paint,
    },
  ];
}

function ground(p: Palette): LayerSpecification[] {
  return [
    { id: 'land', type: 'background', paint: { 'background-color': p.land } },
    { id: 'park', type: 'fill', source: BASE, 'source-layer': 'park', paint: { 'fill-color': p.park } },
    { id: 'campus', type: 'fill', source: BASE, 'source-layer': 'campus', paint: { 'fill-color': p.block, 'fill-opacity': 0.6 } },
    { id: 'square', type: 'fill', source: BASE, 'source-layer': 'square', minzoom: 14, paint: { 'fill-color': p.pier } },
    { id: 'sand', type: 'fill', source: BASE, 'source-layer': 'sand', paint: { 'fill-color': p.pier } },
    { id: 'stream', type: 'line', source: BASE, 'source-layer': 'stream', paint: { 'line-color': p.water, 'line-width': byZoom([12, 0.8, 17, 4]) } },
    { id: 'water', type: 'fill', source: BASE, 'source-layer': 'water', paint: { 'fill-color': p.water } },
    { id: 'waterline', type: 'line', source: BASE, 'source-layer': 'water', paint: { 'line-color': p.waterLine, 'line-width': 1 } },
    { id: 'pier', type: 'fill', source: BASE, 'source-layer': 'pier', paint: { 'fill-color': p.pier } },
    { id: 'block', type: 'fill', source: BASE, 'source-layer': 'build', minzoom: 14, paint: { 'fill-color': p.block, 'fill-outline-color': p.blockLine } },
  ];
}

/** Drawn first, kept last when there is no room: the map gives up what is drawn earlier. */
function names(p: Palette, chosen: MapNames): LayerSpecification[] {
  return [
    ...morePois(p, nameIn(chosen)),
    groundNames('name-building', 'building', 10, p, p.poi, chosen),
    ...numbers(p, chosen),
    ...mainPois(p, nameIn(chosen)),
    roadName('name-path', ['pedestrian', 'footway', 'path', 'cycleway', 'service'], [15, 9, 18, 11], p, p.text, chosen, 16),
    roadName('name-minor', MINOR, [14, 9.5, 17, 12], p, p.text, chosen, 14.5),
    roadName('name-mid', MID, [13, 9.5, 17, 12.5], p, p.text, chosen, 13),
    groundNames('name-park', 'park', 10, p, p.poi, chosen),
    groundNames('name-water', 'water', 10.5, p, p.waterText, chosen),
    roadName('name-major', [...MAJOR, ...MOTOR], [12, 10, 17, 13.5], p, p.textMajor, chosen, 12),
    ...roadNumbers(p),
    placeNames(p, chosen),
  ];
}

/** The layer under which a picture of the ground lies: above the ground's own colours, below roads and names. */
export const FIRST_ROAD = 'path';

/** All layers of the base map. */
export function baseLayers(p: Palette, chosen: MapNames): LayerSpecification[] {
  return [...ground(p), ...roads(p), ...names(p, chosen)];
}

/** The style that the map starts with. `tiles` is the address root, e.g. `https://host/api/v1/tiles`. */
export function baseStyle(p: Palette, chosen: MapNames, tiles: string): StyleSpecification {
  return {
    version: 8,
    // House numbers come in tiles of zoom 17; closer in those are drawn larger.
    sources: { [BASE]: { type: 'vector', tiles: [`${tiles}/base/{z}/{x}/{y}`], minzoom: 0, maxzoom: 17 } },
    layers: baseLayers(p, chosen),
  };
}
