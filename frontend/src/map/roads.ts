/** Roads by level: tunnels dashed, then what lies on the ground, then bridges above what they cross; one-way arrows close in. */
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Palette } from './palette';
import { BASE, byZoom, isClass, MAJOR, MID, MINOR, MOTOR, PATH, REGULAR } from './words';

type Four<T> = [minor: T, mid: T, major: T, motor: T];

/** One value for each class of carriageway. */
const byClass = <T>([minor, mid, major, motor]: Four<T>): ExpressionSpecification =>
  ['match', ['get', 'h'], MINOR, minor, MID, mid, MAJOR, major, MOTOR, motor, minor] as unknown as ExpressionSpecification;

const CARRIAGEWAY = [...MINOR, ...MID, ...MAJOR, ...MOTOR];
/** Pixels by zoom: minor, mid, major, motorway. Links are narrower than what they lead to. */
const WIDTH: [number, Four<number>][] = [[8, [0, 0.4, 0.8, 1]], [11, [0.4, 0.8, 1.4, 1.6]], [13, [0.8, 1.3, 2, 2]], [17, [9, 12, 15, 13]], [19, [22, 28, 34, 30]]];
const CASE: [number, Four<number>][] = [[10, [0, 0, 1.2, 1.4]], [13, [1.4, 2.2, 3, 3]], [17, [11, 14, 17, 15]], [19, [24.5, 30.5, 36.5, 32.5]]];
/** A bridge shows its edge clearly: it hides what runs below. */
const BRIDGE_CASE: [number, Four<number>][] = [[13, [1.6, 2.4, 3.2, 3.2]], [17, [12, 15, 18, 16]], [19, [26, 32, 38, 34]]];

const widths = (stops: [number, Four<number>][]): ExpressionSpecification => byZoom(stops.flatMap(([zoom, four]) => [zoom, linked(four)]));
const linked = (four: Four<number>): ExpressionSpecification =>
  ['*', byClass(four), ['case', ['in', '_link', ['get', 'h']], 0.66, 1]] as unknown as ExpressionSpecification;

const level: ExpressionSpecification = ['coalesce', ['get', 'lvl'], 0];
const isTunnel: ExpressionSpecification = ['==', ['coalesce', ['get', 'tunnel'], 0], 1];
const isBridge: ExpressionSpecification = ['all', ['==', ['coalesce', ['get', 'bridge'], 0], 1], ['!', isTunnel]];
const onGround: ExpressionSpecification = ['all', ['!', isTunnel], ['!', isBridge]];
/** The more important road lies on top of the other of its level, the higher level on top of all. */
const order: ExpressionSpecification = ['+', ['*', level, 10], byClass([0, 1, 2, 3])];

/** Far out a road is a hair: there it has the colour that a hair can be seen in. */
function colours(p: Palette): ExpressionSpecification {
  const far: Four<string> = [p.far.minor, p.far.mid, p.far.major, p.far.motor];
  return ['interpolate', ['linear'], ['zoom'], 13.5, byClass(far), 15, byClass([p.minor, p.mid, p.major, p.motor])] as ExpressionSpecification;
}

interface Look {
  where: ExpressionSpecification;
  classes?: string[];
  colour: string | ExpressionSpecification;
  width: ExpressionSpecification;
  minzoom?: number;
  dash?: number[];
  butt?: boolean;
}

function line(id: string, { where, classes = CARRIAGEWAY, colour, width, minzoom = 0, dash, butt = false }: Look): LayerSpecification {
  return {
    id, type: 'line', source: BASE, 'source-layer': 'road', minzoom, filter: ['all', isClass(classes), where] as FilterSpecification,
    layout: { 'line-cap': butt || dash ? 'butt' : 'round', 'line-join': 'round', 'line-sort-key': order },
    paint: { 'line-color': colour, 'line-width': width, ...(dash ? { 'line-dasharray': dash } : {}) },
  };
}

function arrows(): LayerSpecification {
  return {
    id: 'one-way', type: 'symbol', source: BASE, 'source-layer': 'road', minzoom: 16, filter: ['==', ['get', 'ow'], 1],
    layout: {
      'symbol-placement': 'line', 'symbol-spacing': 130, 'icon-image': 'map-arrow', 'icon-size': ['interpolate', ['linear'], ['zoom'], 16, 0.7, 18, 1],
      'icon-padding': 20, 'icon-rotation-alignment': 'map', 'icon-keep-upright': false,
    },
    paint: {},
  };
}

/** Numbers of motorways and main roads on neutral plates: what a caller reads off a sign. */
export function roadNumbers(p: Palette): LayerSpecification[] {
  return ([['number-primary', ['primary'], 12], ['number-motor', [...MOTOR, 'trunk'], 9]] as const).map(([id, classes, minzoom]) => ({
    id, type: 'symbol', source: BASE, 'source-layer': 'road', minzoom, filter: ['all', ['has', 'ref'], isClass([...classes])] as FilterSpecification,
    layout: {
      'symbol-placement': 'line', 'symbol-spacing': 420, 'icon-image': 'map-number', 'icon-text-fit': 'both', 'icon-text-fit-padding': [1.5, 4, 1, 4],
      'icon-rotation-alignment': 'viewport', 'text-rotation-alignment': 'viewport', 'text-field': ['get', 'ref'], 'text-font': REGULAR,
      'text-size': 10, 'icon-padding': 6, 'text-padding': 6,
    },
    paint: { 'text-color': p.textMajor },
  }));
}

/** Every line of the base map, lowest first. */
export function roads(p: Palette): LayerSpecification[] {
  const colour = colours(p);
  const under = (floor: number, ceiling: number): ExpressionSpecification => ['all', isBridge, ['>=', level, floor], ['<=', level, ceiling]];
  const bridges = (id: string, where: ExpressionSpecification): LayerSpecification[] => [
    line(`${id}-case`, { where, colour: p.bridge, width: widths(BRIDGE_CASE), minzoom: 14, butt: true }),
    line(id, { where, colour, width: widths(WIDTH) }),
  ];
  return [
    line('path', { where: ['!', isTunnel], classes: PATH, colour: p.path, width: byZoom([14, 0.4, 17, 1.2, 19, 3]), minzoom: 14 }),
    line('tunnel-case', { where: isTunnel, colour: p.case, width: widths(CASE), minzoom: 13, dash: [1.2, 0.8] }),
    line('tunnel', { where: isTunnel, colour: p.tunnel, width: widths(WIDTH), minzoom: 12 }),
    line('service', { where: ['!', isTunnel], classes: ['service'], colour: p.service, width: byZoom([14, 0.5, 17, 3, 19, 8]), minzoom: 14 }),
    line('road-case', { where: onGround, colour: p.case, width: widths(CASE), minzoom: 10 }),
    line('road', { where: onGround, colour, width: widths(WIDTH) }),
    { id: 'rail', type: 'line', source: BASE, 'source-layer': 'rail', minzoom: 12, paint: { 'line-color': p.rail, 'line-width': byZoom([12, 0.5, 15, 0.8, 18, 1.6]) } },
    {
      id: 'rail-ties', type: 'line', source: BASE, 'source-layer': 'rail', minzoom: 15.5,
      paint: { 'line-color': p.tie, 'line-width': byZoom([15, 2.5, 18, 6]), 'line-dasharray': [0.25, 2.2] },
    },
    ...bridges('bridge', under(-9, 1)),
    ...bridges('bridge-high', under(2, 99)),
    arrows(),
  ];
}
