/** Handing a place over to a map app of the phone. Each link says its datum or is given the one its app expects. */
import { geoAddress } from './way';
import type { LonLat } from '../../core/geo';

export type MapApp = 'phone' | 'amap' | 'baidu' | 'apple';
export type Datum = 'wgs84' | 'gcj02';

/** The datum in which each app's link carries the place: geo: is WGS-84 by RFC 5870, Amap draws GCJ-02, Baidu is told. */
export const DATUM: Record<MapApp, Datum> = { phone: 'wgs84', amap: 'gcj02', baidu: 'wgs84', apple: 'wgs84' };

export const isApple = (agent: string): boolean => /iPhone|iPad|iPod/.test(agent);

/** The apps to offer: those that run on this phone, the Chinese ones to who reads Chinese. */
export function mapApps(agent: string, language: string): MapApp[] {
  const chinese: MapApp[] = language === 'zh' ? ['amap', 'baidu'] : [];
  return [isApple(agent) ? 'apple' : 'phone', ...chinese];
}

/** The link that opens an app with the way to a place; `point` is in the app's own DATUM. */
export function appAddress(app: MapApp, point: LonLat, label: string, agent: string): string {
  const [lon, lat] = point.map((degrees) => degrees.toFixed(6)) as [string, string];
  const name = encodeURIComponent(label);
  if (app === 'apple') return `maps:?daddr=${lat},${lon}`;
  if (app === 'baidu') return `baidumap://map/direction?destination=${encodeURIComponent(`name:${label}|latlng:${lat},${lon}`)}&coord_type=wgs84&mode=driving&src=nearcast`;
  if (app === 'amap') {
    const base = isApple(agent) ? 'iosamap://path?sourceApplication=nearcast' : 'amapuri://route/plan/?sourceApplication=nearcast';
    return `${base}&dlat=${lat}&dlon=${lon}&dname=${name}&dev=0&t=0`;
  }
  return geoAddress(point, label);
}
