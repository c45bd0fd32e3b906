/** The order on the phone, as pure functions: where it stands counting answers still on their way, and what comes next. */
import type { MeCard, OrderCard, UnitCard } from '../../contract/types';
import type { Waiting } from '../../core/outbox';
import type { JournalEvent } from '../../core/wire';

/** The path of an order on the phone. Receipts come first, then the answers a person gives. */
export const PATH = ['sent', 'delivered', 'seen', 'accepted', 'en_route', 'on_scene', 'cleared'] as const;
const ENDED = new Set(['refused', 'timed_out', 'cleared', 'recalled', 'replaced']);

/** URL word of an answer → the order's state once the server has it. */
export const LEADS_TO: Record<string, string> = {
  delivered: 'delivered', seen: 'seen', accept: 'accepted', refuse: 'refused', en_route: 'en_route', on_scene: 'on_scene', clear: 'cleared',
};
/** Closed lists of the server (dispatch/lifecycles.py). */

export type Step = 'accept' | 'en_route' | 'on_scene' | 'clear';
export type Receipt = 'delivered' | 'seen';

/** The path of an answer: `orders/<uid>/accept`. */
export function answerPath(order_uid: string, answer: string): string {
  return `/orders/${order_uid}/${answer}`;
}

/** Answers to this order that were pressed and are neither refused nor yet seen in the card. */
function onTheirWay(order_uid: string, outbox: readonly Waiting[]): string[] {
  const prefix = `/orders/${order_uid}/`;
  return outbox.filter((item) => item.path.startsWith(prefix) && item.state !== 'refused').map((item) => item.path.slice(prefix.length));
}

/** The state as the officer has it: what the server says, or further when an answer of his is still on its way. */
export function shownState(order: OrderCard, outbox: readonly Waiting[]): string {
  if (ENDED.has(order.state) && order.state !== 'timed_out') return order.state;
  let state: string = order.state;
  let reached = order.state === 'timed_out' ? rank('seen') : rank(order.state);
  for (const answer of onTheirWay(order.uid, outbox)) {
    const next = LEADS_TO[answer];
    if (next === 'refused') return 'refused';
    if (next && rank(next) > reached) [state, reached] = [next, rank(next)];
  }
  return state;
}

function rank(state: string): number {
  return PATH.indexOf(state as (typeof PATH)[number]);
}

/** True when an order in `state` has this answer already, or more: by voice, or by a colleague's phone. */
export function isBehind(answer: string, state: string): boolean {
  const reached = rank(LEADS_TO[answer] ?? '');
  return reached >= 0 && rank(state) >= reached;
}

/** The one big button of a state; null when there is nothing left to press. A timed-out order may still be accepted. */
export function nextStep(state: string): Step | null {
  if (state === 'accepted') return 'en_route';
  if (state === 'en_route') return 'on_scene';
  if (state === 'on_scene') return 'clear';
  return state === 'timed_out' || (rank(state) >= 0 && rank(state) < rank('accepted')) ? 'accept' : null;
}

/** True while "cannot" is possible: until the unit is on scene. */
export function mayRefuse(state: string): boolean {
  return rank(state) >= 0 && rank(state) < rank('on_scene');
}

/** True when nobody has answered yet: the phone keeps calling. */
export function unanswered(state: string): boolean {
  return rank(state) >= 0 && rank(state) < rank('accepted');
}

/** Receipts that the phone owes by itself: `delivered` once it has the card, `seen` once a person can read it. */
export function receiptsDue(order: OrderCard, visible: boolean, outbox: readonly Waiting[]): Receipt[] {
  if (order.state === 'timed_out' || ENDED.has(order.state)) return [];
  const given = new Set(onTheirWay(order.uid, outbox));
  const due: Receipt[] = [];
  if (!order.delivered_at && rank(order.state) < rank('delivered') && !given.has('delivered')) due.push('delivered');
  if (visible && !order.seen_at && rank(order.state) < rank('seen') && !given.has('seen')) due.push('seen');
  return due;
}

/** The order to show first: active, most urgent, then oldest; `level` looks up the incident. */
export function chooseOrder(orders: readonly OrderCard[], units: ReadonlySet<string>, level: (incident: string) => number): OrderCard | null {
  const mine = orders.filter((order) => order.unit !== null && units.has(order.unit) && (order.active || order.state === 'timed_out'));
  mine.sort((a, b) => Number(b.active) - Number(a.active) || level(a.incident) - level(b.incident) || a.sent_at.localeCompare(b.sent_at));
  return mine[0] ?? null;
}

/** Why an order that was on the screen is gone: what its last card says, or null while it goes on. */
export function endingOf(order: OrderCard): 'recalled' | 'replaced' | 'timed_out' | null {
  return order.state === 'recalled' || order.state === 'replaced' || order.state === 'timed_out' ? order.state : null;
}

/** True when this event puts the person on or off a unit: what he may see changes, so the board must come anew. */
export function changesDuty(event: JournalEvent, me: MeCard): boolean {
  const unit = event.data['unit'] as UnitCard | undefined;
  if (event.kind === 'unit.signed_off') return unit?.uid === me.unit;
  if (event.kind !== 'unit.signed_on') return false;
  const aboard = (event.data['persons'] as string[] | undefined)?.includes(me.person.uid) ?? false;
  return aboard !== (unit?.uid === me.unit);
}
