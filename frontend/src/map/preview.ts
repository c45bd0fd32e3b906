/** The map of an import's preview: the base map, and over it what a file would write. Looks only, picks nothing. */
import { LngLatBounds, Map as Engine, setWorkerUrl, type ExpressionSpecification, type FilterSpecification, type LayerSpecification } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Language, Theme } from '../core/prefs.svelte';
import { readDress, type Dress } from './dress';
import type { Features } from './features';
import { PALETTES } from './palette';
import { baseLayers, baseStyle, REGULAR } from './style';

setWorkerUrl(workerUrl);

const SOURCE = 'preview';
const of = (...layers: string[]): FilterSpecification => ['in', ['get', 'layer'], ['literal', layers]] as FilterSpecification;
const NAME: ExpressionSpecification = ['coalesce', ['get', 'name'], ''];

export function previewLayers(d: Dress): LayerSpecification[] {
  return [
    { id: 'preview-feature', type: 'fill', source: SOURCE, filter: ['all', of('feature'), ['==', ['geometry-type'], 'Polygon']] as FilterSpecification, paint: { 'fill-color': d.sightFill, 'fill-opacity': 0.7 } },
    { id: 'preview-area', type: 'fill', source: SOURCE, filter: of('area'), paint: { 'fill-color': d.sightFill } },
    { id: 'preview-around', type: 'line', source: SOURCE, filter: of('around'), paint: { 'line-color': d.ink3, 'line-width': 1, 'line-dasharray': [4, 3] } },
    { id: 'preview-area-line', type: 'line', source: SOURCE, filter: of('area'), paint: { 'line-color': d.sightLine, 'line-width': 1.5 } },
    { id: 'preview-road', type: 'line', source: SOURCE, filter: of('road'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': d.sightLine, 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.6, 13, 1.2, 17, 3], 'line-opacity': 0.85 } },
    { id: 'preview-camera', type: 'circle', source: SOURCE, filter: of('camera'), paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 8, 2, 13, 3.5, 17, 6], 'circle-color': d.sightLine, 'circle-stroke-color': d.halo, 'circle-stroke-width': 1 } },
    { id: 'preview-name', type: 'symbol', source: SOURCE, minzoom: 10, filter: of('area'), layout: { 'text-field': NAME, 'text-font': REGULAR, 'text-size': 12 }, paint: { 'text-color': d.ink1, 'text-halo-color': d.halo, 'text-halo-width': 1.5 } },
    { id: 'preview-code', type: 'symbol', source: SOURCE, minzoom: 15, filter: of('camera'), layout: { 'text-field': NAME, 'text-font': REGULAR, 'text-size': 11, 'text-offset': [0, 1.1], 'text-anchor': 'top' }, paint: { 'text-color': d.ink1, 'text-halo-color': d.halo, 'text-halo-width': 1.5 } },
  ];
}

/** The box around everything, west south east north; null when there is nothing. */
export function boxOf(features: Features): [number, number, number, number] | null {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (at: unknown): void => {
    if (!Array.isArray(at)) return;
    if (typeof at[0] === 'number' && typeof at[1] === 'number') {
      box[0] = Math.min(box[0], at[0]);
      box[1] = Math.min(box[1], at[1]);
      box[2] = Math.max(box[2], at[0]);
      box[3] = Math.max(box[3], at[1]);
    } else at.forEach(take);
  };
  const own = features.features.filter((one) => one.properties['layer'] !== 'around');
  for (const one of own.length ? own : features.features) if ('coordinates' in one.geometry) take(one.geometry.coordinates);
  return Number.isFinite(box[0]) ? box : null;
}

export interface PreviewOptions {
  container: HTMLElement;
  tiles: string;
  theme: Theme;
  language: Language;
  features: Features;
}

/** Draw it; resolves when everything is in place. */
export async function showPreview(options: PreviewOptions): Promise<Engine> {
  const box = boxOf(options.features);
  const engine = new Engine({
    container: options.container,
    style: baseStyle(PALETTES[options.theme], options.language, options.tiles),
    ...(box ? { bounds: new LngLatBounds([box[0], box[1]], [box[2], box[3]]), fitBoundsOptions: { padding: 32, maxZoom: 16 } } : { center: [0, 0], zoom: 1 }),
    attributionControl: false, hash: false, keyboard: true, dragRotate: false, pitchWithRotate: false, maxPitch: 0, maxZoom: 19, fadeDuration: 0, locale: {},
  });
  engine.touchZoomRotate.disableRotation();
  engine.keyboard.disableRotation();
  await new Promise<void>((done) => engine.once('style.load', () => done()));
  engine.addSource(SOURCE, { type: 'geojson', data: options.features });
  const known = new Set(engine.getStyle().layers.map((layer) => layer.id));
  const layers = [...baseLayers(PALETTES[options.theme], options.language), ...previewLayers(readDress())];
  for (const layer of layers) if (!known.has(layer.id)) engine.addLayer(layer);
  await new Promise<void>((done) => engine.once('idle', () => done()));
  return engine;
}
