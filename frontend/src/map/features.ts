/** Small makers of GeoJSON. */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { LonLat } from '../core/geo';

export type Features = FeatureCollection<Geometry, Record<string, unknown>>;

export const nothing = (): Features => ({ type: 'FeatureCollection', features: [] });

export const collect = (features: Feature<Geometry, Record<string, unknown>>[]): Features => ({ type: 'FeatureCollection', features });

export function point(at: LonLat, properties: Record<string, unknown>): Feature<Geometry, Record<string, unknown>> {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties };
}

export function line(path: LonLat[], properties: Record<string, unknown>): Feature<Geometry, Record<string, unknown>> {
  return { type: 'Feature', geometry: { type: 'LineString', coordinates: path }, properties };
}

export function ring(path: LonLat[], properties: Record<string, unknown>): Feature<Geometry, Record<string, unknown>> {
  return { type: 'Feature', geometry: { type: 'Polygon', coordinates: [path] }, properties };
}
