/** The base map: roads by class, water, parks, names, in the theme's palette. No glyph server: local fonts draw the names. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Language } from '../core/prefs.svelte';
import type { Palette } from './palette';

/** The first name only carries the weight; the rest are the page's own faces. */
export const REGULAR = ['Inter', 'Segoe UI', 'Helvetica Neue', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC'];
export const STRONG = ['Semibold', ...REGULAR];

const MOTOR = ['motorway', 'motorway_link'];
const MAJOR = ['primary', 'trunk', 'primary_link', 'trunk_link'];
const MID = ['secondary', 'tertiary', 'secondary_link', 'tertiary_link', 'busway'];
const MINOR = ['residential', 'unclassified', 'living_street', 'road'];
const PATH = ['pedestrian', 'footway', 'path', 'cycleway', 'steps', 'track'];

const byZoom = (stops: number[]): ExpressionSpecification => ['interpolate', ['exponential', 1.6], ['zoom'], ...stops] as ExpressionSpecification;
const isClass = (classes: string[]): ExpressionSpecification => ['in', ['get', 'h'], ['literal', classes]];

/** A name in the reader's language, else as the data has it. */
export function nameIn(language: Language): ExpressionSpecification {
  const own = language === 'zh' ? 'name_zh' : 'name_en';
  const given: ExpressionSpecification = ['coalesce', ['get', own], ''];
  return ['case', ['!=', given, ''], given, ['coalesce', ['get', 'name'], '']];
}

/** Far out a road is a hair: there it has the colour that a hair can be seen in. */
const nearer = (far: string, colour: string): ExpressionSpecification => ['interpolate', ['linear'], ['zoom'], 13.5, far, 15, colour];

function road(id: string, classes: string[], colour: string | ExpressionSpecification, width: number[], minzoom = 0): LayerSpecification {
  return {
    id, type: 'line', source: 'base', 'source-layer': 'road', minzoom,
    filter: ['all', isClass(classes), ['!=', ['coalesce', ['get', 'tunnel'], 0], 1]],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': colour, 'line-width': byZoom(width) },
  };
}

function roadName(id: string, classes: string[], size: number[], p: Palette, colour: string, language: Language, minzoom: number): LayerSpecification {
  return {
    id, type: 'symbol', source: 'base', 'source-layer': 'road', minzoom, filter: isClass(classes),
    layout: {
      'symbol-placement': 'line', 'text-field': nameIn(language), 'text-font': REGULAR, 'text-size': byZoom(size),
      'symbol-spacing': 280, 'text-letter-spacing': 0.02, 'text-padding': 6, 'text-max-angle': 25,
    },
    paint: { 'text-color': colour, 'text-halo-color': p.halo, 'text-halo-width': 1.3 },
  };
}

function areaName(id: string, kinds: string[], size: number, p: Palette, colour: string, language: Language, spaced: boolean): LayerSpecification {
  return {
    id, type: 'symbol', source: 'base', 'source-layer': 'place', filter: ['in', ['get', 'k'], ['literal', kinds]],
    layout: {
      'text-field': spaced ? ['upcase', nameIn(language)] : nameIn(language), 'text-font': REGULAR, 'text-size': size,
      'text-letter-spacing': spaced ? 0.16 : 0, 'text-max-width': 8,
    },
    paint: { 'text-color': colour, 'text-halo-color': p.halo, 'text-halo-width': 1.3 },
  };
}

function ground(p: Palette): LayerSpecification[] {
  return [
    { id: 'land', type: 'background', paint: { 'background-color': p.land } },
    { id: 'park', type: 'fill', source: 'base', 'source-layer': 'park', paint: { 'fill-color': p.park } },
    { id: 'water', type: 'fill', source: 'base', 'source-layer': 'water', paint: { 'fill-color': p.water } },
    { id: 'waterline', type: 'line', source: 'base', 'source-layer': 'water', paint: { 'line-color': p.waterLine, 'line-width': 1 } },
    { id: 'pier', type: 'fill', source: 'base', 'source-layer': 'pier', paint: { 'fill-color': p.pier } },
    { id: 'block', type: 'fill', source: 'base', 'source-layer': 'build', minzoom: 14, paint: { 'fill-color': p.block, 'fill-outline-color': p.blockLine } },
  ];
}

function roads(p: Palette): LayerSpecification[] {
  return [
    road('path', PATH, p.path, [14, 0.4, 17, 1.2], 14),
    road('service', ['service'], p.service, [14, 0.5, 17, 3], 14),
    road('minor-case', MINOR, p.case, [13, 1.4, 17, 11], 13),
    road('mid-case', MID, p.case, [11, 1, 13, 2.2, 17, 14], 12),
    road('major-case', MAJOR, p.case, [10, 1.2, 13, 3, 17, 17], 10),
    road('motor-case', MOTOR, p.case, [10, 1.4, 13, 3, 17, 15], 10),
    road('minor', MINOR, nearer(p.far.minor, p.minor), [11, 0.3, 13, 0.8, 17, 9], 11),
    road('mid', MID, nearer(p.far.mid, p.mid), [10, 0.4, 13, 1.3, 17, 12]),
    road('major', MAJOR, nearer(p.far.major, p.major), [9, 0.6, 13, 2, 17, 15]),
    road('motor', MOTOR, nearer(p.far.motor, p.motor), [8, 0.6, 13, 2, 17, 13]),
    { id: 'rail', type: 'line', source: 'base', 'source-layer': 'rail', minzoom: 13, paint: { 'line-color': p.rail, 'line-width': 0.8 } },
  ];
}

function names(p: Palette, language: Language): LayerSpecification[] {
  return [
    roadName('name-minor', MINOR, [14, 9.5, 17, 12], p, p.text, language, 14.5),
    roadName('name-mid', MID, [13, 9.5, 17, 12.5], p, p.text, language, 13),
    roadName('name-major', [...MAJOR, ...MOTOR], [12, 10, 17, 13.5], p, p.textMajor, language, 12),
    areaName('name-park', ['park', 'poi'], 10, p, p.poi, language, false),
    areaName('name-place', ['place'], 10.5, p, p.place, language, true),
  ];
}

/** All layers of the base map. */
export function baseLayers(p: Palette, language: Language): LayerSpecification[] {
  return [...ground(p), ...roads(p), ...names(p, language)];
}

/** The style that the map starts with. `tiles` is the address root, e.g. `https://host/api/v1/tiles`. */
export function baseStyle(p: Palette, language: Language, tiles: string): StyleSpecification {
  return {
    version: 8,
    sources: { base: { type: 'vector', tiles: [`${tiles}/base/{z}/{x}/{y}`], minzoom: 6, maxzoom: 15 } },
    layers: baseLayers(p, language),
  };
}
