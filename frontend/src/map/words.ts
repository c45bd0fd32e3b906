/** What the base map's layers share: fonts, classes of roads, widths by zoom. */
import type { ExpressionSpecification } from 'maplibre-gl';

export const BASE = 'base';
/** The first name only carries the weight; the rest are the page's own faces. */
export const REGULAR = ['Inter', 'Segoe UI', 'Helvetica Neue', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC'];
export const STRONG = ['Semibold', ...REGULAR];

export const MOTOR = ['motorway', 'motorway_link'];
export const MAJOR = ['primary', 'trunk', 'primary_link', 'trunk_link'];
export const MID = ['secondary', 'tertiary', 'secondary_link', 'tertiary_link', 'busway'];
export const MINOR = ['residential', 'unclassified', 'living_street', 'road'];
export const PATH = ['pedestrian', 'footway', 'path', 'cycleway', 'steps', 'track', 'bridleway', 'corridor'];

export const byZoom = (stops: unknown[]): ExpressionSpecification => ['interpolate', ['exponential', 1.6], ['zoom'], ...stops] as ExpressionSpecification;
export const isClass = (classes: string[]): ExpressionSpecification => ['in', ['get', 'h'], ['literal', classes]];
