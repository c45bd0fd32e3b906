/** Silence, proposals and what fixes say, read off an order's card. Pure. */
import type { OrderCard } from '../contract/types';

export const UNANSWERED: ReadonlySet<string> = new Set(['sent', 'delivered', 'seen']);
export type Rung = '' | 'repeat' | 'call' | 'desk' | 'next' | 'commander';

/** True for an order that went out; a proposal, waiting or withdrawn, never did. */
export function wasSent(order: Pick<OrderCard, 'state'>): boolean {
  return order.state !== 'proposed' && order.state !== 'withdrawn';
}

/** The rung on which an order stands now; '' once it was answered, or before the first. */
export function rungOf(order: Pick<OrderCard, 'state' | 'rung'>): Rung {
  return UNANSWERED.has(order.state) || order.state === 'timed_out' ? (order.rung as Rung) : '';
}

/** True when somebody at the desk has to do something about the silence: from the second rung on, a radio from its first. */
export function needsDesk(order: Pick<OrderCard, 'state' | 'rung'>): boolean {
  return !['', 'repeat'].includes(rungOf(order));
}

/** What the silence says by colour: nothing while a machine repeats, vermillion once the time is up. */
export function rungHue(rung: Rung): '' | 'warn' | 'urgent' {
  if (rung === 'commander') return 'urgent';
  return rung === 'desk' || rung === 'next' ? 'warn' : '';
}

/** Timed-out orders that still matter: nothing was sent since, and nothing is under way. Newest first. */
export function leftSilent(orders: readonly OrderCard[]): OrderCard[] {
  if (orders.some((order) => order.active)) return [];
  const newest = orders.reduce((last, order) => (order.sent_at > last ? order.sent_at : last), '');
  return orders.filter((order) => order.state === 'timed_out' && order.sent_at === newest);
}

/** The newest order of which fixes say something that a person may confirm or deny. */
export function askedAbout(orders: readonly OrderCard[]): OrderCard | undefined {
  return [...orders].reverse().find((order) => order.inferred ?? order.doubt);
}
