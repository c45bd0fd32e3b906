/** The steps of an order and when each was reached. Pure. */
import type { OrderCard } from '../contract/types';

export const RAIL = ['sent', 'delivered', 'seen', 'accepted', 'en_route', 'on_scene'] as const;
export type RailStep = (typeof RAIL)[number];

/** When each step of an order was reached; null: not yet, or skipped. */
export function railTimes(order: OrderCard): Record<RailStep, string | null> {
  const accepted = order.refuse_reason ? null : order.answered_at;
  return { sent: order.sent_at, delivered: order.delivered_at, seen: order.seen_at, accepted, en_route: order.en_route_at, on_scene: order.on_scene_at };
}

/** When a person signed for the order: by itself, or with the acceptance, which nobody gives unread. A voice on the radio signs nothing. */
export function signedAt(order: OrderCard): string | null {
  return order.seen_at ?? (order.by_voice ? null : railTimes(order).accepted);
}
