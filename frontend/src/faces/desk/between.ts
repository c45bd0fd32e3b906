/** What goes between desks, read out of cards: pure, no clock of its own, tested without a browser. */
import type { AidInForce, IncidentCard, KindCard, NoteCard, NoticeCard, OrderCard, ReportCard, RequestCard } from '../../contract/types';
import type { BoardState } from '../../core/board';
import { upwards, type Centres } from '../../core/line';

/** Something that waits for this desk's yes, no or signature. */
export type Waiting =
  | { kind: 'request'; incident: string; uid: string; card: RequestCard; until: string }
  | { kind: 'order'; incident: string; uid: string; card: OrderCard; until: null }
  | { kind: 'ended'; incident: string; uid: string; card: OrderCard; until: null }
  | { kind: 'transfer'; incident: string; uid: string; card: IncidentCard; until: null }
  | { kind: 'report'; incident: string; uid: string; card: ReportCard; until: null }
  | { kind: 'notice'; incident: string; uid: string; card: NoticeCard; until: null };

/** The deepest centre that stands above both, or is one of them; null without one. */
export function commonParent(a: string, b: string, centres: Centres): string | null {
  const above = new Set(upwards(a, centres));
  return upwards(b, centres).find((uid) => above.has(uid)) ?? null;
}

/** The centre whose desk is asked: the owner of the unit, after silence the common parent. */
export function askedOf(request: RequestCard, centres: Centres): string | null {
  return request.state === 'escalated' ? commonParent(request.from_centre, request.to_centre, centres) : request.to_centre;
}

/** This desk's own order on an incident, under way: what its child orders name as their parent. */
export function deskOrder(incident_uid: string, home: string | null, orders: Iterable<OrderCard>): OrderCard | undefined {
  for (const order of orders) if (order.incident === incident_uid && order.active && order.centre !== null && order.centre === home) return order;
  return undefined;
}

/** A desk order whose child orders have all ended: it waits to be finished, or for another unit. */
export function allEnded(order: OrderCard): boolean {
  return order.active && order.children !== null && order.children.open === 0 && order.children.ended > 0;
}

const SIGNABLE = new Set(['sent', 'delivered']);

/** Everything that waits for the desk `home`, the most pressing first. */
export function waitingFor(board: BoardState, home: string | null): Waiting[] {
  if (!home) return [];
  const out: Waiting[] = [];
  for (const card of board.request.values()) {
    if ((card.state === 'asked' || card.state === 'escalated') && askedOf(card, board.centre) === home) out.push({ kind: 'request', incident: card.incident, uid: card.uid, card, until: card.deadline_at });
  }
  for (const card of board.order.values()) {
    if (card.centre !== home || !card.active) continue;
    if (SIGNABLE.has(card.state)) out.push({ kind: 'order', incident: card.incident, uid: card.uid, card, until: null });
    else if (allEnded(card)) out.push({ kind: 'ended', incident: card.incident, uid: card.uid, card, until: null });
  }
  for (const card of board.incident.values()) if (card.transfer_to === home) out.push({ kind: 'transfer', incident: card.uid, uid: card.uid, card, until: null });
  for (const card of board.report.values()) if (card.to_centre === home && !card.signed_at) out.push({ kind: 'report', incident: card.incident, uid: card.uid, card, until: null });
  for (const card of board.notice.values()) if (card.centre === home && !card.acknowledged_at) out.push({ kind: 'notice', incident: card.incident, uid: card.uid, card, until: null });
  return out;
}

/** Until when a request waits: for the other desk, then for the one above both; ISO. */
export function waitsUntil(request: RequestCard, limit: Limit): string {
  const more_s = request.state === 'escalated' ? limit('request_expire_s', 120) : 0;
  return new Date(Date.parse(request.deadline_at) + more_s * 1000).toISOString();
}

export const isOpen = (request: RequestCard): boolean => request.state === 'asked' || request.state === 'escalated';

/**
 * What an incident's requests still have to say, oldest first: those that are open, and of each unit the last answer until it
 * was acted upon (an order to that unit) or asked anew. Of answers that ended nothing the newest two.
 */
export function askedBy(incident: Pick<IncidentCard, 'uid'>, requests: Iterable<RequestCard>, orders: Iterable<OrderCard>): RequestCard[] {
  const all = [...requests].filter((one) => one.incident === incident.uid).sort((a, b) => a.asked_at.localeCompare(b.asked_at));
  const last = new Map(all.map((one) => [one.unit, one]));
  const ordered = [...orders];
  const told = [...last.values()].filter((one) => one.state !== 'withdrawn' && !isOpen(one) && !ordered.some((order) => order.unit === one.unit && order.sent_at >= one.asked_at));
  return [...all.filter(isOpen), ...told.slice(-2)].sort((a, b) => a.asked_at.localeCompare(b.asked_at));
}

/** The request that W takes back: the newest that is open. */
export function openRequest(incident: Pick<IncidentCard, 'uid'>, requests: Iterable<RequestCard>, home: string | null): RequestCard | undefined {
  return [...requests].filter((one) => one.incident === incident.uid && isOpen(one) && one.to_centre !== home).sort((a, b) => b.asked_at.localeCompare(a.asked_at))[0];
}

/** Who is ordered by default: the station's desk when the kind says so from this level on and the station is another desk. */
export function defaultDesk(incident: IncidentCard, kind: KindCard | undefined, home: string | null): 'unit' | 'desk' {
  const from = kind?.desk_from_level ?? null;
  return from !== null && incident.level >= from && stationDesk(incident, home) ? 'desk' : 'unit';
}

/** The desk that S orders: the incident's own centre, unless that is this very desk. */
export function stationDesk(incident: IncidentCard, home: string | null): string | null {
  return incident.centre === home ? null : incident.centre;
}

/** May a person with these roles order units of this centre without asking? His order role is held there or above. */
export function reaches(roles: readonly (readonly [string, string])[], centre: string, centres: Centres): boolean {
  const above = new Set(upwards(centre, centres));
  return roles.some(([role, at]) => (role === 'dispatcher' || role === 'shift_commander') && above.has(at));
}

/** Does the viewer get the lists of this centre's incidents: is a role of his held there or above? */
export function hasList(board: BoardState, centre: string): boolean {
  const above = new Set(upwards(centre, board.centre));
  return board.me.roles.some(([, at]) => above.has(at));
}

/** Aid by which units of a centre (or this one unit) may be ordered now; null without. */
export function aidFor(unit: { uid: string; centre: string }, aids: Iterable<AidInForce>, centres: Centres, now_ms: number): AidInForce | null {
  const above = new Set(upwards(unit.centre, centres));
  for (const aid of aids) {
    const covers = aid.unit ? aid.unit === unit.uid : above.has(aid.from_centre);
    if (covers && Date.parse(aid.ends_at) > now_ms) return aid;
  }
  return null;
}

export interface Due {
  stage: string;
  at_ms: number;
}
type Limit = (key: string, fallback_s: number) => number;

const FEEDBACK: Record<string, [key: string, fallback_s: number]> = { first: ['feedback_first_s', 1800], further: ['feedback_further_s', 7200], final: ['feedback_final_s', 14400] };

/** Which field report is due next, counted from the first order sent; null before that and after the final one. */
export function feedbackDue(orders: readonly OrderCard[], notes: readonly NoteCard[], limit: Limit): Due | null {
  const said = new Set(notes.filter((note) => note.kind === 'feedback').map((note) => note.stage));
  const begun = orders.map((order) => order.sent_at).sort()[0];
  if (!begun || said.has('final')) return null;
  const stage = !said.size ? 'first' : !said.has('further') ? 'further' : 'final';
  const [key, fallback_s] = FEEDBACK[stage]!;
  return { stage, at_ms: Date.parse(begun) + limit(key, fallback_s) * 1000 };
}

/** Which report to the centre above is due next for an incident of level 1 or 2; null for others, without a centre above, after the final. */
export function reportDue(incident: IncidentCard, notes: readonly NoteCard[], reports: readonly ReportCard[], centres: Centres, limit: Limit): Due | null {
  if (incident.level > 2 || !centres.get(incident.centre)?.parent) return null;
  const last = [...reports].sort((a, b) => b.number - a.number)[0];
  if (!last) {
    const first_s = incident.level === 1 ? limit('report_first_level1_s', 600) : limit('report_first_s', 1800);
    return { stage: 'first', at_ms: Date.parse(incident.received_at) + first_s * 1000 };
  }
  if (last.stage === 'final') return null;
  const final = notes.filter((note) => note.kind === 'feedback' && note.stage === 'final').map((note) => note.written_at).sort()[0];
  if (final) return { stage: 'final', at_ms: Date.parse(final) + limit('report_final_s', 3600) * 1000 };
  return { stage: 'follow_up', at_ms: Date.parse(last.sent_at) + limit('report_follow_s', 3600) * 1000 };
}

/** Whole seconds that are left of a countdown, never below zero. */
export function left_s(until: string, now_ms: number): number {
  return Math.max(0, Math.ceil((Date.parse(until) - now_ms) / 1000));
}

/** How loud a desk's screen is about something between desks: 0 silent. */
export function loudness(kind: string, data: Record<string, unknown>, home: string | null, me: string, centres: Centres): 0 | 1 | 2 | 3 {
  const order = data['order'] as OrderCard | undefined;
  const request = data['request'] as RequestCard | undefined;
  switch (kind) {
    case 'order.sent':
    case 'order.revealed':
      return order?.centre === home && order.active && SIGNABLE.has(order.state) ? 2 : 0;
    case 'order.followed':
      return order && order.centre === home && allEnded(order) ? 2 : 0;
    case 'request.asked':
    case 'request.escalated':
      return request && home && askedOf(request, centres) === home ? 2 : 0;
    case 'request.answered':
    case 'request.expired':
      return request?.asked_by?.uid === me && request.state !== 'withdrawn' ? 2 : 0;
    case 'incident.transfer_offered':
      return (data['incident'] as IncidentCard | undefined)?.transfer_to === home ? 2 : 0;
    case 'report.sent':
      return (data['report'] as ReportCard | undefined)?.to_centre === home ? 2 : 0;
    case 'notice.sent':
      return (data['notice'] as NoticeCard | undefined)?.centre === home ? 1 : 0;
    default:
      return 0;
  }
}
