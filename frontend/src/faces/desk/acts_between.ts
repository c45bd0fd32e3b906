/** What the desk can do between desks: order a desk or post, ask, lend, hand over, sign, report. The rest stands in acts.ts. */
import type { CallCard, IncidentCard, OrderCard, ReportCard, RequestCard } from '../../contract/types';
import { clock } from '../../core/clock.svelte';
import { inWords } from '../../core/store.svelte';
import { tail } from '../../core/time';
import { decide, run } from './acts';
import { aidFor, deskOrder, reaches, type Waiting } from './between';
import type { Desk, Refusal } from './desk.svelte';

type Where = Refusal['where'];
/** Anybody who can be ordered, with the code or call sign that people say. */
export interface Target {
  kind: 'unit' | 'post' | 'centre';
  uid: string;
  code: string;
}

/** Was this unit lent for the chosen incident? */
export function granted(desk: Desk, unit: string): boolean {
  return [...(desk.store.board?.request.values() ?? [])].some((one) => one.incident === desk.chosen && one.unit === unit && one.state === 'granted');
}

/** Must another desk be asked for this unit first? Not at level 1, not when it was lent or mutual aid covers it. The list was made for the owner's reach. */
export function mustAsk(desk: Desk, incident: IncidentCard, line: { unit: string; centre: string }): boolean {
  const { board } = desk.store;
  if (!board || incident.level === 1 || granted(desk, line.unit) || reaches(board.me.roles, line.centre, board.centre)) return false;
  return aidFor({ uid: line.unit, centre: line.centre }, board.aid.values(), board.centre, clock.now_ms) === null;
}

/** Order a desk, a post or a unit by name. A desk that was ordered itself sends its child orders this way. */
export function sendTo(desk: Desk, incident: IncidentCard, target: Target, where: Where = 'card', key = ''): Promise<unknown> {
  const own = deskOrder(incident.uid, desk.home, desk.store.ordersOf(incident.uid));
  const body = { incident: incident.uid, target: { kind: target.kind, uid: target.uid }, parent: own && own.centre !== target.uid ? own.uid : null };
  return run(desk, { key, command: `D ${target.code} ${tail(incident.number)}`, where, outcome: 'sent' }, () => decide(desk, '/orders', body, true));
}

/** Ask another centre for its unit. */
export function askFor(desk: Desk, incident: IncidentCard, unit: { unit: string; call_sign: string }, where: Where = 'card'): Promise<unknown> {
  const act = { key: '', command: `ASK ${unit.call_sign} ${tail(incident.number)}`, where, outcome: 'sent' as const };
  return run(desk, act, () => decide(desk, '/requests', { incident: incident.uid, unit: unit.unit }, true));
}

export const withdraw = (desk: Desk, request: RequestCard): Promise<unknown> =>
  run(desk, { key: 'W', command: `WITHDRAW ${numberOf(desk, request.incident)}`, where: 'card' }, () => decide(desk, `/requests/${request.uid}/withdraw`));

export const offer = (desk: Desk, incident: IncidentCard, to: { uid: string; code: string }, reason: string, where: Where = 'card'): Promise<unknown> =>
  run(desk, { key: 'M', command: `TRANSFER ${to.code} ${reason}`, where }, () => decide(desk, `/incidents/${incident.uid}/transfer`, { to_centre: to.uid, reason }));

export const giveBack = (desk: Desk, incident: IncidentCard, reason: string, where: Where = 'card'): Promise<unknown> =>
  run(desk, { key: 'M', command: `RETURN ${reason}`, where }, () => decide(desk, `/incidents/${incident.uid}/return`, { reason }));

export const withdrawOffer = (desk: Desk, incident: IncidentCard): Promise<unknown> =>
  run(desk, { key: 'W', command: `WITHDRAW ${tail(incident.number)}`, where: 'card' }, () => decide(desk, `/incidents/${incident.uid}/withdraw_transfer`));

/** A: yes to what waits: sign, acknowledge, grant, accept, finish. */
export function sayYes(desk: Desk, item: Waiting): Promise<unknown> {
  const [verb, path, body] = yesOf(item);
  const command = `${verb} ${item.kind === 'request' ? item.card.call_sign : numberOf(desk, item.incident)}`;
  return run(desk, { key: 'A', command, where: 'card' }, () => decide(desk, path, body));
}

/** A desk whose units were never on their way did not handle it. */
function yesOf(item: Waiting): [string, string, object] {
  switch (item.kind) {
    case 'request':
      return ['GRANT', `/requests/${item.uid}/grant`, {}];
    case 'order':
      return ['SIGN', `/orders/${item.uid}/seen`, {}];
    case 'ended':
      return ['DONE', `/orders/${item.uid}/clear`, { disposition: item.card.state === 'accepted' ? 'not_needed' : 'handled' }];
    case 'transfer':
      return ['ACCEPT', `/incidents/${item.uid}/accept_transfer`, {}];
    case 'report':
      return ['SIGN', `/reports/${item.uid}/sign`, {}];
    case 'notice':
      return ['READ', `/notices/${item.uid}/acknowledge`, {}];
  }
}

/** U: no, with the reason. */
export function sayNo(desk: Desk, what: 'request' | 'transfer' | 'order', uid: string, reason: string): Promise<unknown> {
  const path = what === 'request' ? `/requests/${uid}/refuse` : what === 'transfer' ? `/incidents/${uid}/refuse_transfer` : `/orders/${uid}/refuse`;
  const body = what === 'order' ? { reason: 'other', text: reason } : { reason };
  return run(desk, { key: 'U', command: `REFUSE ${reason}`, where: 'card' }, () => decide(desk, path, body));
}

export const callBack = (desk: Desk, incident: IncidentCard, result: string, text: string): Promise<unknown> =>
  run(desk, { key: 'K', command: `CALLBACK ${result.toUpperCase()} ${text}`.trim(), where: 'card' }, () => decide(desk, `/incidents/${incident.uid}/call_back`, { result, text }, true));

export const report = (desk: Desk, incident: IncidentCard, stage: string, summary: string): Promise<ReportCard | undefined> =>
  run(desk, { key: 'P', command: `REPORT ${stage.toUpperCase()} ${summary}`.trim(), where: 'card', outcome: 'sent' }, () => decide<ReportCard>(desk, `/incidents/${incident.uid}/reports`, { stage, summary }, true));

export interface NewAid {
  from_centre: string;
  to_centre: string;
  minutes: number;
  reason: string;
  unit: string | null;
}

export const grantAid = (desk: Desk, aid: NewAid): Promise<unknown> =>
  run(desk, { key: 'I', command: `AID ${name(desk, aid.from_centre)} ${name(desk, aid.to_centre)} ${aid.minutes} ${aid.reason}`, where: 'panel' }, () => decide(desk, '/aids', aid, true));

export const endAid = (desk: Desk, uid: string): Promise<unknown> =>
  run(desk, { key: '', command: `ENDAID ${name(desk, desk.store.board?.aid.get(uid)?.from_centre ?? '')}`, where: 'panel' }, () => decide(desk, `/aids/${uid}/end`));

const numberOf = (desk: Desk, incident: string): string => tail(desk.store.board?.incident.get(incident)?.number ?? '');
const name = (desk: Desk, uid: string): string => desk.store.centre(uid)?.code ?? inWords(null);

/** The device receipt of a desk's own orders: this screen has them. Nothing is said when it fails; the next change tries again. */
export async function deliverToDesk(desk: Desk, orders: readonly OrderCard[]): Promise<void> {
  for (const order of orders) await desk.app.api.post(`/orders/${order.uid}/delivered`, {}).catch(() => undefined);
}

/** Calls of an incident with a number, newest first: whom to call back. */
export function callers(calls: readonly CallCard[]): CallCard[] {
  return [...calls].filter((call) => call.caller_number).sort((a, b) => b.received_at.localeCompare(a.received_at));
}
