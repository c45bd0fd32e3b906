/** How long each step took, against the profile's numbers of then. What is not over yet runs on with the clock. Pure. */
import type { CallCard, IncidentCard, OrderCard } from '../../contract/types';
import { signedAt } from '../../parts/rail';

export interface Interval {
  code: string;
  facts: Record<string, unknown>;
  /** Seconds, and whether it still runs at this moment. */
  took_s: number;
  running: boolean;
  /** The profile's number for it; null: none. */
  limit_s: number | null;
  over: boolean;
}

const ms = (iso: string | null | undefined): number | null => (iso ? Date.parse(iso) : null);

export interface Asked {
  incident: IncidentCard;
  calls: readonly CallCard[];
  orders: readonly OrderCard[];
  now_ms: number;
  threshold: (key: string) => number | null;
}

/** The intervals known at a moment, in the order in which they happen. */
export function intervalsOf({ incident, calls, orders, now_ms, threshold }: Asked): Interval[] {
  const out: Interval[] = [];
  const add = (code: string, from: number | null, to: number | null, limit_s: number | null, facts: Record<string, unknown> = {}): void => {
    if (from === null) return;
    const took_s = Math.max(0, ((to ?? now_ms) - from) / 1000);
    out.push({ code: `interval.${code}`, facts, took_s, running: to === null, limit_s, over: limit_s !== null && took_s > limit_s });
  };
  const call = [...calls].sort((a, b) => a.received_at.localeCompare(b.received_at))[0];
  if (call) add('answered', ms(call.received_at), ms(call.answered_at), threshold('call_answer_s'));
  const sent = [...orders].sort((a, b) => a.sent_at.localeCompare(b.sent_at));
  const start = ms(call?.answered_at) ?? ms(incident.received_at);
  add('sent', start, ms(sent[0]?.sent_at), threshold(incident.level === 1 ? 'order_out_level1_s' : 'order_out_s'));
  for (const order of sent) {
    const ended = ms(order.ended_at);
    const facts = { unit: order.target_name };
    add('signed', ms(order.sent_at), ms(signedAt(order)) ?? ms(order.answered_at) ?? ms(order.en_route_at) ?? ended, threshold('sign_green_s'), facts);
    if (order.answered_at || (!ended && order.seen_at)) add('accepted', ms(order.sent_at), ms(order.answered_at), null, facts);
  }
  const there = sent.map((order) => ms(order.on_scene_at)).filter((at): at is number => at !== null);
  if (sent.length) add('on_scene', ms(incident.received_at), there.length ? Math.min(...there) : null, threshold('onscene_urban_s'));
  return out;
}
