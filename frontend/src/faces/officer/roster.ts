/** Who and what can be signed on, of the officer's own part of the tree (GET roster). */
import type { UnitCard, Words } from '../../contract/types';
import type { Api } from '../../core/api';

export interface RosterPerson {
  uid: string;
  name: Words;
  sworn: boolean;
  /** Call sign of the unit he is signed on to now, "" for none. */
  unit: string;
}

export interface Roster {
  people: RosterPerson[];
  units: UnitCard[];
}

/** The roster without the officer himself; people who are on a unit already cannot be chosen and are left out. */
export async function fetchRoster(api: Api, own_uid: string): Promise<Roster> {
  const { people, units } = await api.get<Roster>('/roster');
  return { units, people: people.filter((person) => person.uid !== own_uid && person.unit === '') };
}

const SYMBOLS: Record<string, string> = { car: 'u-car', moto: 'u-moto', foot: 'u-foot', boat: 'u-boat', cmd: 'u-cmd', cam: 'u-cam' };

/** Sprite id of a unit kind. */
export function unitSymbol(kind: string): string {
  return SYMBOLS[kind] ?? 'u-car';
}
