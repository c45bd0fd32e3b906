/** The board's cells: a head per station, then its units; pure. */
import type { UnitCard } from '../../../contract/types';
import type { Placed } from '../../../map/units';

export interface BoardUnit {
  unit: UnitCard;
  placed: Placed | null;
  /** As shown: silence included. */
  state: string;
}

export type Cell = { kind: 'head'; key: string; name: string; count: number } | { kind: 'row'; key: string; row: BoardUnit };

export interface Counts {
  available: number;
  conditional: number;
  committed: number;
  unavailable: number;
  silent: number;
}

/** How many units stand in each of the board's five groups. */
export function boardCounts(units: readonly BoardUnit[]): Counts {
  const counts: Counts = { available: 0, conditional: 0, committed: 0, unavailable: 0, silent: 0 };
  for (const { state } of units) {
    if (state === 'distress') counts.unavailable += 1;
    else if (state in counts) counts[state as keyof Counts] += 1;
    else counts.committed += 1;
  }
  return counts;
}

/** Units by station, stations by name, units by call sign. */
export function boardCells(units: readonly BoardUnit[], nameOf: (centre: string) => string): Cell[] {
  const groups = new Map<string, BoardUnit[]>();
  for (const one of units) groups.set(one.unit.centre, [...(groups.get(one.unit.centre) ?? []), one]);
  const named = [...groups].map(([centre, rows]) => ({ centre, name: nameOf(centre), rows }));
  named.sort((a, b) => a.name.localeCompare(b.name));
  return named.flatMap(({ centre, name, rows }): Cell[] => [
    { kind: 'head', key: centre, name, count: rows.length },
    ...rows.sort((a, b) => a.unit.call_sign.localeCompare(b.unit.call_sign)).map((row): Cell => ({ kind: 'row', key: row.unit.uid, row })),
  ]);
}
