/** Staffed posts: a flag on its foot; hollow words when nobody stands there. */
import type { LayerSpecification } from 'maplibre-gl';
import type { PostCard } from '../contract/types';
import type { Dress } from './dress';
import { collect, point, type Features } from './features';
import { REGULAR } from './style';

export const POSTS = 'posts';

/** Posts without a unit shown at them: a unit ranked by its post carries the flag itself. */
export function postFeatures(posts: Iterable<PostCard>): Features {
  return collect([...posts].filter((post) => post.staffed === 0).map((post) => point(post.point, { uid: post.uid, code: post.code })));
}

export function postLayers(d: Dress): LayerSpecification[] {
  return [{
    id: 'post', type: 'symbol', source: POSTS, minzoom: 12,
    layout: { 'icon-image': 'post', 'icon-size': 0.8, 'icon-anchor': 'bottom', 'text-field': ['get', 'code'], 'text-font': REGULAR, 'text-size': 11, 'text-anchor': 'left', 'text-offset': [0.8, -0.4], 'text-optional': true },
    paint: { 'icon-opacity': 0.6, 'text-color': d.ink3, 'text-halo-color': d.halo, 'text-halo-width': 1.2 },
  }];
}
