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

export interface RosterVehicle {
  uid: string;
  code: string;
  kind: string;
  centre: string;
  /** Call sign that is on duty with it now, "" for none. */
  unit: string;
}

/** What is likely: the planned shift, else the crew of last time, as far as it is free. */
export interface Proposal {
  source: 'planned' | 'last';
  at: string;
  ends_at: string | null;
  unit: string;
  call_sign: string;
  crew: string[];
  vehicle: string | null;
  equipment: string[];
  left_out: { what: 'person' | 'vehicle'; name: string; unit: string }[];
}

export interface Roster {
  people: RosterPerson[];
  units: UnitCard[];
  vehicles: RosterVehicle[];
  equipment: string[];
  proposed: Proposal | null;
}

/** What is put together on the page: who rides along (without oneself), on what, with what. */
export interface Choice {
  unit: UnitCard | null;
  partners: ReadonlySet<string>;
  vehicle: string | null;
  equipment: ReadonlySet<string>;
}

export const NOTHING: Choice = { unit: null, partners: new Set(), vehicle: null, equipment: new Set() };

/** The roster without the officer himself. Who rides on another unit cannot be chosen and is left out; `unit` is one's own. */
export async function fetchRoster(api: Api, own_uid: string, unit = ''): Promise<Roster> {
  const roster = await api.get<Roster>('/roster');
  const free = roster.people.filter((person) => person.uid !== own_uid && (person.unit === '' || person.unit === unit));
  return { ...roster, people: free };
}

/** A choice as the proposal has it, null when its unit is not there any more. */
export function choiceOf(roster: Roster, own_uid: string): Choice | null {
  const { proposed } = roster;
  const unit = proposed && roster.units.find((one) => one.uid === proposed.unit);
  if (!proposed || !unit) return null;
  const partners = new Set(proposed.crew.filter((uid) => uid !== own_uid));
  return { unit, partners, vehicle: proposed.vehicle, equipment: new Set(proposed.equipment) };
}

/** A choice as the unit is manned now. */
export function presentOf(roster: Roster, unit: UnitCard): Choice {
  const partners = new Set(roster.people.filter((person) => person.unit === unit.call_sign).map((person) => person.uid));
  const vehicle = roster.vehicles.find((one) => one.unit === unit.call_sign && one.code === unit.vehicle)?.uid ?? null;
  return { unit, partners, vehicle, equipment: new Set(unit.equipment) };
}

/** The vehicles to offer: one's own, the unit's station's free ones, then free ones of elsewhere, then those in use. */
export function sortVehicles(vehicles: readonly RosterVehicle[], unit: UnitCard): RosterVehicle[] {
  const rank = (one: RosterVehicle): number => (one.unit && one.unit !== unit.call_sign ? 2 : one.centre === unit.centre ? 0 : 1);
  return [...vehicles].sort((a, b) => rank(a) - rank(b) || a.code.localeCompare(b.code));
}

/** The body of sign_on. */
export function bodyOf(choice: Choice, own_uid: string): Record<string, unknown> {
  return { crew: [own_uid, ...choice.partners], vehicle: choice.vehicle, equipment: [...choice.equipment] };
}

const SYMBOLS: Record<string, string> = { car: 'u-car', moto: 'u-moto', foot: 'u-foot', boat: 'u-boat', cmd: 'u-cmd', cam: 'u-cam' };

/** Sprite id of a unit kind. */
export function unitSymbol(kind: string): string {
  return SYMBOLS[kind] ?? 'u-car';
}
