/** Units on the map: ring by state, shape by kind, wedge by heading, call sign, and the age as soon as it is not live. */
import type { Feature } from 'geojson';
import type { LayerSpecification } from 'maplibre-gl';
import type { PostCard, UnitCard } from '../contract/types';
import { ageBand, placeOf, shownState, type AgeBand, type AgeBands, type Placed } from '../core/placed';
import type { Fix } from '../core/positions';
import { timer } from '../core/time';
import type { Dress } from './dress';
import { collect, point, type Features } from './features';
import { UNIT_KINDS } from './images';
import { REGULAR, STRONG } from './style';

export { ageBand, placeOf, shownState, type AgeBands, type Placed };

export const UNITS = 'units';

const OPACITY: Record<AgeBand, number> = { live: 1, ageing: 0.72, stale: 0.5, silent: 1 };
const MOVING_MPS = 1;

function hueOf(state: string): string {
  if (state === 'available' || state === 'conditional') return 'free';
  if (state === 'silent') return 'blind';
  return state === 'unavailable' ? 'ink-2' : 'go';
}

function feature(unit: UnitCard, placed: Placed, bands: AgeBands, chosen: string | null, named: boolean): Feature<never, never> {
  const state = shownState(unit, placed, bands);
  const band = placed.age_s === null ? 'live' : ageBand(placed.age_s, bands, unit.kind);
  const kind = (UNIT_KINDS as readonly string[]).includes(unit.kind) ? unit.kind : 'car';
  const moving = (placed.fix?.speed_mps ?? 0) > MOVING_MPS && placed.fix?.heading_deg != null;
  return point(placed.at, {
    uid: unit.uid,
    icon: placed.how === 'post' ? 'post' : `unit-${state}-${kind}`,
    sign: named ? '' : placed.how === 'post' ? `${unit.call_sign} @${unit.post}` : unit.call_sign,
    age: named ? '' : placed.how === 'voice' ? ` ⌾${timer(placed.age_s ?? 0)}` : band === 'live' ? '' : ` ${timer(placed.age_s ?? 0)}`,
    opacity: OPACITY[band],
    silent: state === 'silent',
    wedge: moving ? `heading-${hueOf(state)}` : '',
    heading: placed.fix?.heading_deg ?? 0,
    rank: unit.uid === chosen ? 0 : state === 'available' || state === 'conditional' ? 2 : 1,
  }) as Feature<never, never>;
}

/** Features of all units on duty that can be placed; `named` have a mark with their name on it already. */
export function unitFeatures(
  units: readonly UnitCard[],
  fixOf: (uid: string) => Fix | undefined,
  posts: ReadonlyMap<string, PostCard>,
  bands: AgeBands,
  now_ms: number,
  chosen: string | null = null,
  named: ReadonlySet<string> = new Set(),
): Features {
  const out: Feature<never, never>[] = [];
  for (const unit of units) {
    if (!unit.on_duty) continue;
    const placed = placeOf(unit, fixOf(unit.uid), posts, now_ms);
    if (placed) out.push(feature(unit, placed, bands, chosen, named.has(unit.uid)));
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
