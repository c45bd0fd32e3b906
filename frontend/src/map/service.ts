/** The one map of a page, and the only import of MapLibre. Moves on command only; never a map that the user has moved. */
import { LngLatBounds, Map as Engine, setWorkerUrl, type GeoJSONSource, type LayerSpecification, type MapMouseEvent, type SourceSpecification, type VectorTileSource } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { LonLat } from '../core/geo';
import type { Language, MapNames, Theme } from '../core/prefs.svelte';
import { CAMERAS, cameraLayers, cameraSource, DEAD, deadSource, deadTiles, fullUid } from './cameras';
import { DISTRESS, distressLayers } from './distress';
import { DeadMarks } from './dead';
import { readDress } from './dress';
import { nothing, type Features } from './features';
import { allImages, plate, RATIO, rasterise } from './images';
import { INCIDENTS, incidentLayers } from './incidents';
import { PALETTES } from './palette';
import { poiDrawings, STRETCHED } from './poi';
import { POSTS, postLayers } from './posts';
import { Pictures, type Picture } from './pictures';
import { SIGHT, sightLayers } from './sight';
import { COULD, couldLayers } from './could';
import { baseLayers, baseStyle } from './style';
import { plateLayers, plateName, SUGGESTION, suggestionLayers, type UnitLine } from './suggestion';
import { TRAIL, trailLayers } from './trail';
import { UNITS, unitLayers } from './units';

setWorkerUrl(workerUrl);

/** Which layers the person may switch off. */
export const GROUPS = {
  cameras: ['camera', 'camera-cluster', 'camera-dead'],
  sectors: ['camera-sector', 'camera-sector-line'],
  sight: ['sight-fill', 'sight-sees', 'sight-turn', 'sight-away', 'sight-unknown', 'sight-dot', 'sight-dead'],
  lines: ['suggestion-halo', 'suggestion-1', 'suggestion-2', 'suggestion-3', 'suggestion-4', 'suggestion-ordered', 'suggestion-plate'],
  posts: ['post'],
} as const;
export type Group = keyof typeof GROUPS;

export interface Picked {
  point: LonLat;
  /** What was hit, nearest kind first; null for open ground. */
  kind: 'incident' | 'unit' | 'camera' | null;
  uid: string | null;
  properties: Record<string, unknown>;
}

export interface MapOptions {
  container: HTMLElement;
  tiles: string;
  bounds: [number, number, number, number] | null;
  theme: Theme;
  language: Language;
  /** Which names the map shows; the reader's language when not said. */
  names?: MapNames;
  onPick?: (picked: Picked) => void;
  /** The user moved the map himself (drag, wheel, keys). */
  onUserMove?: () => void;
  /** Metres that 100 CSS pixels span at the middle of the map, after each move. */
  onScale?: (metres_per_100px: number) => void;
  /** A picture of the ground (`showPicture`) fails, or comes again (''): the code of the server's refusal. */
  onPictureFault?: (code: string) => void;
}

const OWN = [COULD, SIGHT, POSTS, SUGGESTION, TRAIL, INCIDENTS, UNITS, DISTRESS];
const HIT: [string, Picked['kind']][] = [['incident', 'incident'], ['unit', 'unit'], ['sight-dot', 'camera'], ['sight-dead', 'camera'], ['camera-dead', 'camera'], ['camera', 'camera']];
const HIT_PX = 6;
const FALLBACK_ZOOM = 11;
const PLATES_KEPT = 60;
type Padding = number | { top: number; bottom: number; left: number; right: number };
const PADDING = 72;

export class MapService {
  /** Resolves when symbols and layers are in place. */
  readonly ready: Promise<void>;
  private readonly engine: Engine;
  private readonly waiting = new Map<string, Features>();
  private readonly plates = new Map<string, UnitLine>();
  /** Not wanted any more, oldest first: some stay, because what is being drawn still names them. */
  private leaving: string[] = [];
  private loaded = false;
  private theme: Theme;
  private names: MapNames;
  private readonly pictures: Pictures;

  constructor(private readonly options: MapOptions) {
    this.theme = options.theme;
    this.names = options.names ?? options.language;
    this.engine = new Engine({
      container: options.container,
      style: baseStyle(PALETTES[options.theme], this.names, options.tiles),
      ...(options.bounds ? { bounds: options.bounds, fitBoundsOptions: { padding: 24 } } : { center: [0, 0], zoom: 1 }),
      attributionControl: false,
      hash: false,
      keyboard: true,
      dragRotate: false,
      pitchWithRotate: false,
      maxPitch: 0,
      maxZoom: 19,
      fadeDuration: 0,
      locale: {},
      canvasContextAttributes: { antialias: true },
    });
    this.engine.touchZoomRotate.disableRotation();
    this.engine.keyboard.disableRotation();
    this.engine.on('movestart', (moved) => {
      if ((moved as { originalEvent?: Event }).originalEvent) options.onUserMove?.();
    });
    this.engine.on('move', () => options.onScale?.(this.scale()));
    this.engine.on('click', (event) => this.pick(event));
    this.pictures = new Pictures(this.engine, options.tiles, (code) => options.onPictureFault?.(code));
    this.ready = this.begin();
  }

  /** Dress in another theme or language without loading anything again. `names`: those of the map, when chosen apart. */
  async dress(theme: Theme, language: Language, names: MapNames = language): Promise<void> {
    this.theme = theme;
    this.names = names;
    if (!this.loaded) return;
    await this.putImages();
    for (const layer of this.layers()) this.redress(layer);
  }

  /** Replace the features of one of our sources. */
  show(source: string, features: Features): void {
    if (!this.loaded) {
      this.waiting.set(source, features);
      return;
    }
    (this.engine.getSource(source) as GeoJSONSource | undefined)?.setData(features);
  }

  /** Make the plates' pictures before their features are shown; those not used any more go. */
  setPlates(lines: readonly UnitLine[]): void {
    const wanted = new Map(lines.map((one) => [plateName(one), one]));
    this.leaving = [...this.leaving, ...this.plates.keys()].filter((name) => !wanted.has(name));
    for (const name of this.leaving.splice(0, Math.max(0, this.leaving.length - PLATES_KEPT))) if (this.engine.hasImage(name)) this.engine.removeImage(name);
    this.plates.clear();
    wanted.forEach((one, name) => {
      this.plates.set(name, one);
      if (this.loaded && !this.engine.hasImage(name)) this.engine.addImage(name, plate(one.slot, one.text, one.ordered), { pixelRatio: RATIO });
    });
  }

  setVisible(group: Group, visible: boolean): void {
    for (const id of GROUPS[group]) if (this.engine.getLayer(id)) this.engine.setLayoutProperty(id, 'visibility', visible ? 'visible' : 'none');
  }

  /** Some camera stopped or began to answer: only the small tiles of the dead ones are asked for again. */
  refreshDead(version: string): void {
    if (this.loaded) (this.engine.getSource(DEAD) as VectorTileSource | undefined)?.setTiles(deadTiles(this.options.tiles, version));
  }

  /** Lay a picture of the ground (of the deployer's own network) under roads and names; null takes it away. */
  async showPicture(picture: Picture | null, opacity = 1): Promise<void> {
    await this.ready;
    this.pictures.show(picture, opacity);
  }

  /** Two steps closer to a place: what stands too close together there comes apart. */
  closer(at: LonLat): void {
    this.engine.jumpTo({ center: at, zoom: Math.min(this.engine.getZoom() + 2, 19) });
  }

  /** Bring points into view, on command, `padding` CSS pixels inside the edges. No animation when the person asked for none. */
  fit(points: readonly LonLat[], maxZoom = 16, padding: Padding = PADDING): void {
    if (!points.length) return;
    const box = points.reduce((all, at) => all.extend(at), new LngLatBounds(points[0]!, points[0]!));
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.engine.fitBounds(box, { padding, maxZoom: points.length > 1 ? maxZoom : Math.min(maxZoom, 15), duration: still ? 0 : 150 });
  }

  /** True when every point is in view. */
  holds(points: readonly LonLat[]): boolean {
    const box = this.engine.getBounds();
    return points.every((at) => box.contains(at));
  }

  zoomBy(steps: number): void {
    this.engine.zoomTo(this.engine.getZoom() + steps, { duration: 0 });
  }

  resize(): void {
    this.engine.resize();
  }

  /** Move the middle of the map there, on command, without changing the scale. */
  centreOn(at: LonLat): void {
    this.engine.jumpTo({ center: at });
  }

  /** Where a place is on the container, in CSS pixels. */
  project(at: LonLat): { x: number; y: number } {
    return this.engine.project(at);
  }

  /** The place in the middle of the map: what the keyboard's "open here" means. */
  centre(): LonLat {
    return this.engine.getCenter().toArray() as LonLat;
  }

  end(): void {
    this.engine.remove();
  }

  private async begin(): Promise<void> {
    await new Promise<void>((done) => this.engine.once('style.load', () => done()));
    if (!this.options.bounds) this.engine.jumpTo({ zoom: FALLBACK_ZOOM });
    await this.putImages();
    this.engine.addSource(CAMERAS, cameraSource(this.options.tiles));
    this.engine.addSource(DEAD, deadSource(this.options.tiles));
    new DeadMarks(this.engine);
    for (const source of OWN) this.engine.addSource(source, { type: 'geojson', data: nothing() } satisfies SourceSpecification);
    const known = new Set(this.engine.getStyle().layers.map((layer) => layer.id));
    for (const layer of this.layers()) if (!known.has(layer.id)) this.engine.addLayer(layer);
    this.loaded = true;
    this.plates.forEach((one, name) => this.engine.addImage(name, plate(one.slot, one.text, one.ordered), { pixelRatio: RATIO }));
    this.waiting.forEach((features, source) => this.show(source, features));
    this.waiting.clear();
    this.options.onScale?.(this.scale());
  }

  private layers(): LayerSpecification[] {
    const d = readDress();
    const base = baseLayers(PALETTES[this.theme], this.names);
    return [...base, ...cameraLayers(d), ...couldLayers(d), ...sightLayers(d), ...postLayers(d), ...suggestionLayers(d), ...trailLayers(d), ...unitLayers(d), ...incidentLayers(d), ...plateLayers(), ...distressLayers(d)];
  }

  private redress(layer: LayerSpecification): void {
    for (const [name, value] of Object.entries(layer.paint ?? {})) this.engine.setPaintProperty(layer.id, name as never, value as never);
    const text = (layer.layout as Record<string, unknown> | undefined)?.['text-field'];
    if (text) this.engine.setLayoutProperty(layer.id, 'text-field', text as never);
  }

  private async putImages(): Promise<void> {
    const drawings = [...poiDrawings(PALETTES[this.theme])].map(async ([name, [markup, side]]) => [name, await rasterise(markup, side)] as const);
    for (const [name, pixels] of [...(await allImages()), ...(await Promise.all(drawings))]) {
      if (this.engine.hasImage(name)) this.engine.updateImage(name, pixels);
      else this.engine.addImage(name, pixels, { pixelRatio: RATIO, ...STRETCHED[name] });
    }
    this.plates.forEach((one, name) => {
      if (this.engine.hasImage(name)) this.engine.updateImage(name, plate(one.slot, one.text, one.ordered));
    });
  }

  private pick(event: MapMouseEvent): void {
    const { x, y } = event.point;
    const present = HIT.filter(([id]) => this.engine.getLayer(id));
    const found = this.engine.queryRenderedFeatures([[x - HIT_PX, y - HIT_PX], [x + HIT_PX, y + HIT_PX]], { layers: present.map(([id]) => id) });
    const best = present.map(([id, kind]) => ({ kind, hit: found.find((one) => one.layer.id === id) })).find((one) => one.hit);
    const properties = best?.hit?.properties ?? {};
    this.options.onPick?.({ point: event.lngLat.toArray() as LonLat, kind: best?.kind ?? null, uid: fullUid((properties['uid'] as string | undefined) ?? '') || null, properties });
  }

  private scale(): number {
    const { clientHeight, clientWidth } = this.options.container;
    const left = this.engine.unproject([clientWidth / 2 - 50, clientHeight / 2]);
    return left.distanceTo(this.engine.unproject([clientWidth / 2 + 50, clientHeight / 2]));
  }
}
