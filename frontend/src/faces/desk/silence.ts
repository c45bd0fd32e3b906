/** What a desk does about silence and about what fixes say: acts, their keys, and how loud an entry is for whom. */
import type { IncidentCard, MeCard, OrderCard } from '../../contract/types';
import { askedAbout, rungOf } from '../../core/ladder';
import { tail } from '../../core/time';
import type { JournalEvent } from '../../core/wire';
import type { Loudness } from '../../parts/sounds';
import { decide, run } from './acts';
import type { Desk, Refusal } from './desk.svelte';

type Where = Refusal['where'];
const numberOf = (desk: Desk, order: OrderCard): string => tail(desk.store.board?.incident.get(order.incident)?.number ?? '');

/** D: send the unit that was proposed in a silent one's stead. */
export const sendProposed = (desk: Desk, order: OrderCard, where: Where = 'card'): Promise<unknown> =>
  run(desk, { key: 'D', command: `NEXT ${numberOf(desk, order)}`, where, outcome: 'sent' }, () => decide(desk, `/orders/${order.uid}/send`));

/** Del: say no to a proposal. */
export const discardProposed = (desk: Desk, order: OrderCard, where: Where = 'card'): Promise<unknown> =>
  run(desk, { key: 'Del', command: `NONEXT ${numberOf(desk, order)}`, where }, () => decide(desk, `/orders/${order.uid}/discard`));

/** = : what the fixes say is so. */
export function confirmInferred(desk: Desk, order: OrderCard, where: Where = 'card', disposition = ''): Promise<unknown> {
  const verb = order.inferred?.verb ?? '';
  const body = verb === 'depart' ? { verb, disposition: disposition || 'handled' } : { verb };
  return run(desk, { key: '=', command: `IS ${order.target_name} ${disposition.toUpperCase()}`.trim(), where }, () => decide(desk, `/orders/${order.uid}/confirm`, body));
}

/** Confirm; that it has left the scene ends the order, so a panel asks how it ended. */
export function confirmOrAsk(desk: Desk, order: OrderCard): void {
  if (order.inferred?.verb === 'depart') desk.panel = { kind: 'voice', uid: order.uid, verb: 'clear', inferred: true };
  else void confirmInferred(desk, order);
}

/** - : what the fixes say is not so; a doubt was looked into. */
export const denyInferred = (desk: Desk, order: OrderCard, where: Where = 'card'): Promise<unknown> =>
  run(desk, { key: '-', command: `ISNT ${order.target_name}`, where }, () => decide(desk, `/orders/${order.uid}/deny`, { verb: order.inferred?.verb ?? 'doubt' }));

/** The keys D, Del, = and -, on the newest order that they can mean. */
export function onSilenceKey(desk: Desk, incident: IncidentCard, key: string): boolean {
  const proposed = desk.store.proposalsOf(incident.uid).pop();
  const asked = askedAbout(desk.activeOrders);
  if (key === 'd' && proposed) void sendProposed(desk, proposed);
  else if (key === 'delete' && proposed) void discardProposed(desk, proposed);
  else if (key === '=' && asked?.inferred) confirmOrAsk(desk, asked);
  else if (key === '-' && asked) void denyInferred(desk, asked);
  else return false;
  return true;
}

/** Did this desk send it, or does it own the incident: then its silence is this desk's business. */
export function isOurs(order: OrderCard, incident: IncidentCard | undefined, me: MeCard): boolean {
  const sits = me.roles.some(([role, centre]) => centre === order.from_centre && (role === 'dispatcher' || role === 'shift_commander'));
  return sits || order.sent_by?.uid === me.person.uid || incident?.owner?.uid === me.person.uid;
}

/** How loud an entry about an order is here: 3 repeats until somebody looks, null makes no sound. */
export function loudnessOf(event: JournalEvent, order: OrderCard, incident: IncidentCard | undefined, me: MeCard): Loudness | null {
  const commands = me.roles.some(([role]) => role === 'shift_commander');
  if (event.kind === 'order.timed_out') return commands ? 3 : 2;
  if (event.kind === 'order.answered' && order.state === 'refused') return 2;
  if (!isOurs(order, incident, me)) return null;
  if (event.kind === 'order.doubted') return order.doubt ? 2 : null;
  if (event.kind === 'order.inferred') return order.inferred ? 1 : null;
  if (event.kind !== 'order.escalated') return null;
  return { '': null, repeat: null, call: 2, desk: 2, next: 2, commander: 3 }[rungOf(order)] as Loudness | null;
}
