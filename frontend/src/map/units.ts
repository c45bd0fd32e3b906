/** Units on the map: ring by state, shape by kind, wedge by heading, call sign, and the age as soon as it is not live. */
import type { Feature } from 'geojson';
import type { LayerSpecification } from 'maplibre-gl';
import type { PostCard, UnitCard } from '../contract/types';
import type { LonLat } from '../core/geo';
import type { Fix } from '../core/positions';
import { timer } from '../core/time';
import type { Dress } from './dress';
import { collect, point, type Features } from './features';
import { UNIT_KINDS } from './images';
import { REGULAR, STRONG } from './style';

export const UNITS = 'units';

/** Seconds after which a fix is ageing, stale, silent (thresholds of the profile). */
export interface AgeBands {
  live_s: number;
  ageing_s: number;
  stale_s: number;
  /** A foot patrol's radio reports more rarely. */
  ageing_foot_s?: number;
}

export type AgeBand = 'live' | 'ageing' | 'stale' | 'silent';

export function ageBand(age_s: number, bands: AgeBands, kind = ''): AgeBand {
  if (age_s <= bands.live_s) return 'live';
  if (age_s <= (kind === 'foot' ? (bands.ageing_foot_s ?? bands.ageing_s) : bands.ageing_s)) return 'ageing';
  return age_s <= bands.stale_s ? 'stale' : 'silent';
}

const OPACITY: Record<AgeBand, number> = { live: 1, ageing: 0.72, stale: 0.5, silent: 1 };
const SYMBOL: Record<string, string> = { en_route: 'enroute', on_scene: 'onscene', off_duty: 'unavailable' };
const MOVING_MPS = 1;

/** Where a unit is shown and how that is known; null when nothing at all is known. */
export interface Placed {
  at: LonLat;
  age_s: number | null;
  how: 'fix' | 'voice' | 'post';
  fix?: Fix;
}

/** The newest of fix and place by voice; else the post that it stands at. */
export function placeOf(unit: UnitCard, fix: Fix | undefined, posts: ReadonlyMap<string, PostCard>, now_ms: number): Placed | null {
  const voice_ms = unit.reported_point && unit.reported_at ? Date.parse(unit.reported_at) : -Infinity;
  if (fix && fix.fix_ms >= voice_ms) return { at: fix.point, age_s: Math.max(0, (now_ms - fix.fix_ms) / 1000), how: fix.voice ? 'voice' : 'fix', fix };
  if (unit.reported_point) return { at: unit.reported_point, age_s: (now_ms - voice_ms) / 1000, how: 'voice' };
  const post = unit.post ? [...posts.values()].find((one) => one.code === unit.post) : undefined;
  return post ? { at: post.point, age_s: null, how: 'post' } : null;
}

/** The state as the map shows it: silence overrides what the journal last said, except at the post. */
export function shownState(unit: UnitCard, placed: Placed | null, bands: AgeBands): string {
  const silent = placed?.age_s != null && placed.how === 'fix' && ageBand(placed.age_s, bands) === 'silent';
  return silent ? 'silent' : (SYMBOL[unit.state] ?? unit.state);
}

function hueOf(state: string): string {
  if (state === 'available' || state === 'conditional') return 'free';
  if (state === 'silent') return 'blind';
  return state === 'unavailable' ? 'ink-2' : 'go';
}

function feature(unit: UnitCard, placed: Placed, bands: AgeBands, chosen: string | null): Feature<never, never> {
  const state = shownState(unit, placed, bands);
  const band = placed.age_s === null ? 'live' : ageBand(placed.age_s, bands, unit.kind);
  const kind = (UNIT_KINDS as readonly string[]).includes(unit.kind) ? unit.kind : 'car';
  const moving = (placed.fix?.speed_mps ?? 0) > MOVING_MPS && placed.fix?.heading_deg != null;
  return point(placed.at, {
    uid: unit.uid,
    icon: placed.how === 'post' ? 'post' : `unit-${state}-${kind}`,
    sign: placed.how === 'post' ? `${unit.call_sign} @${unit.post}` : unit.call_sign,
    age: placed.how === 'voice' ? ` ⌾${timer(placed.age_s ?? 0)}` : band === 'live' ? '' : ` ${timer(placed.age_s ?? 0)}`,
    opacity: OPACITY[band],
    silent: state === 'silent',
    wedge: moving ? `heading-${hueOf(state)}` : '',
    heading: placed.fix?.heading_deg ?? 0,
    rank: unit.uid === chosen ? 0 : state === 'available' || state === 'conditional' ? 2 : 1,
  }) as Feature<never, never>;
}

/** Features of all units on duty that can be placed. */
export function unitFeatures(
  units: readonly UnitCard[],
  fixOf: (uid: string) => Fix | undefined,
  posts: ReadonlyMap<string, PostCard>,
  bands: AgeBands,
  now_ms: number,
  chosen: string | null = null,
): Features {
  const out: Feature<never, never>[] = [];
  for (const unit of units) {
    if (!unit.on_duty) continue;
    const placed = placeOf(unit, fixOf(unit.uid), posts, now_ms);
    if (placed) out.push(feature(unit, placed, bands, chosen));
  }
  return collect(out);
}

export function unitLayers(d: Dress): LayerSpecification[] {
  return [
    {
      id: 'unit-heading', type: 'symbol', source: UNITS, filter: ['!=', ['get', 'wedge'], ''],
      layout: { 'icon-image': ['get', 'wedge'], 'icon-rotate': ['get', 'heading'], 'icon-rotation-alignment': 'map', 'icon-allow-overlap': true, 'icon-ignore-placement': true },
      paint: { 'icon-opacity': ['get', 'opacity'] },
    },
    {
      id: 'unit', type: 'symbol', source: UNITS,
      layout: {
        'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-size': 0.8, 'symbol-sort-key': ['get', 'rank'],
        'text-field': ['format', ['get', 'sign'], { 'text-font': ['literal', STRONG] }, ['get', 'age'], { 'text-font': ['literal', REGULAR], 'text-color': ['case', ['get', 'silent'], d.blind, d.ink2] }],
        'text-font': STRONG, 'text-size': 12, 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 1.15,
        'text-justify': 'auto', 'text-optional': true, 'text-padding': 1,
      },
      paint: { 'icon-opacity': ['get', 'opacity'], 'text-color': d.ink1, 'text-halo-color': d.halo, 'text-halo-width': 1.6 },
    },
  ];
}
