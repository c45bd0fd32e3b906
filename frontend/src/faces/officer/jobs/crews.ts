/** Who else is on the incident: their state, where they are, how far from here and how old that is. Pure. */
import type { UnitCard } from '../../../contract/types';
import { distanceM, type LonLat } from '../../../core/geo';
import type { Fix } from '../../../core/positions';
import { placeOf, type Placed } from '../../../core/placed';

export interface Crew {
  unit: UnitCard;
  placed: Placed | null;
  /** Straight metres from this phone, null when either place is not known. */
  distance_m: number | null;
}

/** The other units on an incident, nearest first, those without a place last. */
export function crewsOn(incident: string, own: string, units: Iterable<UnitCard>, fixOf: (uid: string) => Fix | undefined, here: LonLat | null, now_ms: number): Crew[] {
  const others = [...units].filter((unit) => unit.incident === incident && unit.uid !== own && unit.on_duty);
  const crews = others.map((unit): Crew => {
    const placed = placeOf(unit, fixOf(unit.uid), new Map(), now_ms);
    return { unit, placed, distance_m: here && placed ? distanceM(here, placed.at) : null };
  });
  const far = (crew: Crew): number => crew.distance_m ?? Infinity;
  return crews.sort((a, b) => (far(a) === far(b) ? a.unit.call_sign.localeCompare(b.unit.call_sign) : far(a) - far(b)));
}
