/** Where the place is from here: straight line only, said so. Roads come with the routing issue. */
import { distanceM, type LonLat } from '../../core/geo';

/** Initial bearing from `from` to `to`, degrees clockwise from north. */
export function bearingDeg([lon1, lat1]: LonLat, [lon2, lat2]: LonLat): number {
  const rad = Math.PI / 180;
  const y = Math.sin((lon2 - lon1) * rad) * Math.cos(lat2 * rad);
  const x = Math.cos(lat1 * rad) * Math.sin(lat2 * rad) - Math.sin(lat1 * rad) * Math.cos(lat2 * rad) * Math.cos((lon2 - lon1) * rad);
  return (Math.atan2(y, x) / rad + 360) % 360;
}

/** Index of the eighth of the compass: 0 N, 1 NE, … 7 NW. */
export function eighth(bearing_deg: number): number {
  return Math.round(bearing_deg / 45) % 8;
}

/** Distance in metres, bearing and compass eighth from here to there. */
export function wayTo(here: LonLat, there: LonLat): { distance_m: number; bearing_deg: number; eighth: number } {
  const bearing_deg = bearingDeg(here, there);
  return { distance_m: distanceM(here, there), bearing_deg, eighth: eighth(bearing_deg) };
}

/** The address that opens the phone's own navigation (RFC 5870); no server is asked. */
export function geoAddress([lon, lat]: LonLat, label: string): string {
  const at = `${lat.toFixed(6)},${lon.toFixed(6)}`;
  return `geo:${at}?q=${at}(${encodeURIComponent(label)})`;
}
