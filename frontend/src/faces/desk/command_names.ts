/** What the words of a command mean on this board: units, orders, incidents, what waits, calls for help. */
import type { DistressCard, IncidentCard, OrderCard, UnitCard } from '../../contract/types';
import type { Command } from '../../command/parser';
import { t } from '../../core/i18n';
import { tail } from '../../core/time';
import type { Waiting } from './between';
import type { Desk } from './desk.svelte';

/** False: nothing was done; a refusal says why. */
export type Verb = (desk: Desk, command: Command) => Promise<unknown> | boolean;

export function refuse(desk: Desk, code: string, facts: Record<string, unknown> = {}): false {
  desk.refusal = { where: 'command', words: t(`error.${code}`, facts) };
  return false;
}

export const bare = (sign: string): string => sign.toUpperCase().replace(/-/g, '');

export function unitOf(desk: Desk, sign: string): UnitCard | undefined {
  return desk.store.units().find((unit) => bare(unit.call_sign) === bare(sign));
}

/** The incidents of the queue that a number's end names; 147 is 0147 too. */
export function incidentsBy(desk: Pick<Desk, 'queue'>, number: string): IncidentCard[] {
  return desk.queue.map(({ incident }) => incident).filter((one) => one.number.endsWith(number) || Number(tail(one.number)) === Number(number));
}

/** The incident that a number's end names, or the chosen one when nothing is named. */
export function incidentOf(desk: Desk, number: string | undefined): IncidentCard | false {
  if (!number) return desk.incident ?? refuse(desk, 'no_incident');
  const fits = incidentsBy(desk, number);
  if (fits.length > 1) return refuse(desk, 'many_incidents', { number });
  return fits[0] ?? refuse(desk, 'unknown_incident', { number });
}

/** The order under way to whoever is called so: on the chosen incident before any other. */
export function orderOf(desk: Desk, sign: string, fits: (order: OrderCard) => boolean = () => true): OrderCard | false {
  const found = [...(desk.store.board?.order.values() ?? [])].filter((one) => (one.active || one.state === 'timed_out') && bare(one.target_name) === bare(sign) && fits(one));
  found.sort((a, b) => Number(b.incident === desk.chosen) - Number(a.incident === desk.chosen) || Number(b.active) - Number(a.active) || b.sent_at.localeCompare(a.sent_at));
  return found[0] ?? refuse(desk, 'no_order_to', { call_sign: sign });
}

/** What waits for this desk, of these kinds: on the incident that is named or chosen, else the first anywhere. */
export function waitingOf(desk: Desk, kinds: readonly Waiting['kind'][], number?: string): Waiting | false {
  const fits = desk.waiting.filter((item) => kinds.includes(item.kind));
  const incident = number ? incidentOf(desk, number) : desk.incident;
  if (number && !incident) return false;
  const here = incident ? fits.find((item) => item.incident === incident.uid) : undefined;
  return here ?? (number ? undefined : fits[0]) ?? refuse(desk, 'nothing_waits');
}

/** The call for help of a unit, or the one that heads the list. */
export function distressOf(desk: Desk, sign: string | undefined): DistressCard | undefined {
  return sign ? desk.watch.all.find((one) => bare(one.call_sign) === bare(sign)) : desk.watch.first;
}
