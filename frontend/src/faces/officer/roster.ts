/** Who and what can be signed on: units of the officer's own centre, and people who may ride along. */
import type { MeCard, UnitCard, Words } from '../../contract/types';
import type { Api } from '../../core/api';

export interface RosterPerson {
  uid: string;
  name: Words;
  sworn: boolean;
  /** The unit he is signed on to now, or null. */
  unit: string | null;
}

/** Units of the person's home centre, own kind first as the call signs go. */
export async function fetchUnits(api: Api, me: MeCard): Promise<UnitCard[]> {
  const { units } = await api.get<{ units: UnitCard[] }>('/units');
  const own = units.filter((unit) => unit.centre === me.home);
  return (own.length ? own : units).sort((a, b) => a.call_sign.localeCompare(b.call_sign));
}

/** People of the roster without the officer himself. */
export async function fetchRoster(api: Api, me: MeCard): Promise<RosterPerson[]> {
  const { people } = await api.get<{ people: RosterPerson[] }>('/roster');
  return people.filter((person) => person.uid !== me.person.uid);
}

const SYMBOLS: Record<string, string> = { car: 'u-car', moto: 'u-moto', foot: 'u-foot', boat: 'u-boat', cmd: 'u-cmd', cam: 'u-cam' };

/** Sprite id of a unit kind. */
export function unitSymbol(kind: string): string {
  return SYMBOLS[kind] ?? 'u-car';
}
