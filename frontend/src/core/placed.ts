/** Where a unit stands, how old that is and as what it is shown: facts for lists and maps, without anything of a map. */
import type { PostCard, UnitCard } from '../contract/types';
import type { LonLat } from './geo';
import type { Fix } from './positions';

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

const SYMBOL: Record<string, string> = { en_route: 'enroute', on_scene: 'onscene', off_duty: 'unavailable' };

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
