/** A distress on the map: the loudest mark there is, at the unit's newest known place, over everything else. */
import type { LayerSpecification } from 'maplibre-gl';
import type { LonLat } from '../core/geo';
import type { Dress } from './dress';
import { collect, point, type Features } from './features';
import { STRONG } from './style';

export const DISTRESS = 'distress';

export interface DistressMark {
  uid: string;
  sign: string;
  point: LonLat;
  /** Written beside it as soon as it is not live. */
  age: string;
}

export function distressFeatures(marks: readonly DistressMark[]): Features {
  return collect(marks.map((one) => point(one.point, { uid: one.uid, sign: one.sign, age: one.age ? ` ${one.age}` : '' })));
}

export function distressLayers(d: Dress): LayerSpecification[] {
  return [
    {
      id: 'distress', type: 'symbol', source: DISTRESS,
      layout: {
        'icon-image': 'distress', 'icon-size': 1.3, 'icon-allow-overlap': true, 'icon-ignore-placement': true,
        'text-field': ['concat', ['get', 'sign'], ['get', 'age']], 'text-font': STRONG, 'text-size': 14, 'text-offset': [0, 1.9], 'text-allow-overlap': true,
      },
      paint: { 'text-color': d.ink1, 'text-halo-color': d.halo, 'text-halo-width': 2 },
    },
  ];
}
