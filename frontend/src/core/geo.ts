/** Small spherical geometry for the screen. Points are [lon, lat] in degrees (WGS-84); answers are for drawing and joining, not for ranking. */
export type LonLat = [number, number];

const EARTH_M = 6_371_008.8;
const rad = (deg: number): number => (deg * Math.PI) / 180;
const deg = (radians: number): number => (radians * 180) / Math.PI;

/** Great-circle distance in metres. */
export function distanceM([lon1, lat1]: LonLat, [lon2, lat2]: LonLat): number {
  const half = Math.sin(rad(lat2 - lat1) / 2) ** 2;
  const across = Math.cos(rad(lat1)) * Math.cos(rad(lat2)) * Math.sin(rad(lon2 - lon1) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, half + across)));
}

/** The point `distance_m` away from `from` under `bearing_deg` (clockwise from north). */
export function pointAt([lon, lat]: LonLat, bearing_deg: number, distance_m: number): LonLat {
  const angle = distance_m / EARTH_M;
  const course = rad(bearing_deg);
  const sinLat = Math.sin(rad(lat)) * Math.cos(angle) + Math.cos(rad(lat)) * Math.sin(angle) * Math.cos(course);
  const x = Math.sin(course) * Math.sin(angle) * Math.cos(rad(lat));
  const y = Math.cos(angle) - Math.sin(rad(lat)) * sinLat;
  return [lon + deg(Math.atan2(x, y)), deg(Math.asin(sinLat))];
}

/** The middle between two points, good enough for a plate on a line; follows the shorter way over the antimeridian. */
export function middle([lon1, lat1]: LonLat, [lon2, lat2]: LonLat): LonLat {
  const over = ((lon2 - lon1 + 540) % 360) - 180;
  return [lon1 + over / 2, (lat1 + lat2) / 2];
}

/** A sector as a closed ring: apex, arc of `fov_deg` round `heading_deg` at `range_m`, apex. */
export function sectorRing(apex: LonLat, heading_deg: number, fov_deg: number, range_m: number): LonLat[] {
  const steps = Math.max(4, Math.ceil(fov_deg / 6));
  const arc = Array.from({ length: steps + 1 }, (_, i) =>
    pointAt(apex, heading_deg - fov_deg / 2 + (fov_deg * i) / steps, range_m),
  );
  return fov_deg >= 359 ? [...arc, arc[0]!] : [apex, ...arc, apex];
}

/** A circle as a closed ring. */
export function circleRing(centre: LonLat, radius_m: number): LonLat[] {
  return sectorRing(centre, 0, 360, radius_m);
}
