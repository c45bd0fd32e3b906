/** Points of interest close in: quiet symbols of one colour, so that a police station or a hospital is found without being loud. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Palette } from './palette';
import { BASE, REGULAR } from './words';

const MAIN = ['police', 'fire', 'hospital', 'school', 'station', 'government'] as const;
const MORE = ['fuel', 'bank'] as const;
export const POI_SIDE = 14;

/** Drawings on a ground of 14 by 14, in the palette's colour for words of the map. */
const SHAPES: Record<string, string> = {
  police: '<path d="M7 1.2 12 3v4c0 3-2.2 4.9-5 6-2.800-1.100-5-3-5-6V3Z" fill="none" stroke="C" stroke-width="1.200"/><path d="m7 4 .9 1.900 2 .2-1.500 1.400.4 2L7 8.500 5.200 9.500l.4-2L4.100 6.100l2-.2Z" fill="C"/>',
  fire: '<path d="M7 1.500c2.500 2.300 4 4 4 6.500a4 4 0 0 1-8 0c0-1.600.8-2.700 1.700-3.600.2 1 .7 1.600 1.300 1.800C5.800 4.500 6 2.900 7 1.500Z" fill="none" stroke="C" stroke-width="1.200" stroke-linejoin="round"/>',
  hospital: '<rect x="1.800" y="1.800" width="10.400" height="10.400" rx="1" fill="none" stroke="C" stroke-width="1.200"/><path d="M7 4.200v5.600M4.200 7h5.600" stroke="C" stroke-width="1.600"/>',
  school: '<path d="M1 5.500 7 2.800l6 2.700-6 2.700Z" fill="C"/><path d="M3.800 7.300v2.500c1.800 1.500 4.600 1.500 6.400 0V7.300" fill="none" stroke="C" stroke-width="1.200"/>',
  station: '<rect x="3" y="1.500" width="8" height="8.500" rx="1.500" fill="none" stroke="C" stroke-width="1.200"/><path d="M3 6.200h8M4 12.800l1.300-2.500m4.700 2.500-1.300-2.500" stroke="C" stroke-width="1.200"/>',
  government: '<path d="M1.500 5 7 2l5.500 3Z" fill="C"/><path d="M3 6v5m2.700-5v5m2.600-5v5M11 6v5M1.500 12h11" stroke="C" stroke-width="1.200"/>',
  fuel: '<path d="M3 12V2.500h5.500V12M2 12h7.500M3 6h5.500m0 0h1.800v4.200a.9.900 0 0 0 1.700 0V5L10 3.200" fill="none" stroke="C" stroke-width="1.100"/>',
  bank: '<circle cx="7" cy="7" r="5.300" fill="none" stroke="C" stroke-width="1.100"/><path d="M4.800 4 7 7l2.200-3M7 7v4M5 7.600h4M5 9.300h4" stroke="C" stroke-width="1.100" fill="none"/>',
};

/** Name of an image → its drawing in this palette, and its side in CSS pixels. */
export function poiDrawings(p: Palette): Map<string, [markup: string, side: number]> {
  const out = new Map<string, [string, number]>();
  for (const [name, shape] of Object.entries(SHAPES)) out.set(`poi-${name}`, [shape.replaceAll('"C"', `"${p.poi}"`), POI_SIDE]);
  out.set('map-dot', [`<circle cx="4" cy="4" r="1.6" fill="${p.house}"/>`, 8]);
  out.set('map-gate', [`<path d="M2 9V3m6 6V3M2 5h6" stroke="${p.house}" stroke-width="1.2" fill="none"/>`, 10]);
  out.set('map-arrow', [`<path d="M1 6h9M7 3l3.500 3L7 9" stroke="${p.arrow}" stroke-width="1.200" fill="none"/>`, 12]);
  out.set('map-number', [`<rect x="0.5" y="0.5" width="15" height="15" rx="2" fill="${p.halo}" stroke="${p.plate}"/>`, 16]);
  return out;
}

/** The plate of a road's number grows with it; sides in the image's own pixels, two to one of CSS. */
export const STRETCHED: Record<string, { stretchX: [number, number][]; stretchY: [number, number][]; content: [number, number, number, number] }> = {
  'map-number': { stretchX: [[8, 24]], stretchY: [[8, 24]], content: [2, 2, 30, 30] },
};

function layer(id: string, classes: readonly string[], minzoom: number, p: Palette, name: ExpressionSpecification, icon: ExpressionSpecification): LayerSpecification {
  return {
    id, type: 'symbol', source: BASE, 'source-layer': 'poi', minzoom, filter: ['in', ['get', 'c'], ['literal', classes]],
    layout: {
      'icon-image': icon, 'symbol-sort-key': ['coalesce', ['get', 'r'], 99],
      'text-field': name, 'text-font': REGULAR, 'text-size': 10, 'text-max-width': 8, 'text-padding': 3,
      'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 0.9, 'text-optional': true,
    },
    paint: { 'text-color': p.poi, 'text-halo-color': p.halo, 'text-halo-width': 1.2 },
  };
}

const SYMBOL: ExpressionSpecification = ['concat', 'poi-', ['get', 'c']];

/** What is looked for first, from zoom 15. */
export function mainPois(p: Palette, name: ExpressionSpecification): LayerSpecification[] {
  return [layer('poi', MAIN, 14.5, p, name, SYMBOL)];
}

/** The rest: a dot with its name from zoom 17, giving way to a house's number. */
export function morePois(p: Palette, name: ExpressionSpecification): LayerSpecification[] {
  return [layer('poi-other', ['other'], 17, p, name, ['literal', 'map-dot'] as ExpressionSpecification), layer('poi-more', MORE, 16, p, name, SYMBOL)];
}
