/** What the desk reads out of cards: pure, no clock of its own, tested without a browser. */
import type { AttachmentCard, CallCard, IncidentCard, NoteCard, OrderCard, SuggestedCamera, SuggestedUnit, SuggestionCard } from '../../contract/types';
import { distanceM, type LonLat } from '../../core/geo';
import { needsDesk } from '../../core/ladder';
import { RAIL, railTimes } from '../../parts/rail';

export type Tab = 'all' | 'mine' | 'held' | 'on_hold';
export const TABS: readonly Tab[] = ['all', 'mine', 'held', 'on_hold'];
/** `theirs`: another centre's, seen only because it stands on or near this ground. */
export type Standing = 'theirs' | 'ordered' | 'on_hold' | 'unclaimed' | 'held' | 'fresh';

const JOIN_M = 60;
const JOIN_S = 600;

/** Limits in seconds, from the board's thresholds. */
export interface Limits {
  order_out_s: number;
}

/** Another centre's incident, shown by ground only: its content is hidden, and nothing here can be done about it. */
export function isTheirs(incident: Pick<IncidentCard, 'remark'>): boolean {
  return incident.remark === null;
}

/** How an incident stands, in one word. Held: claimed, nothing under way, and no unit to order or the time for an order has run out. */
export function standing(incident: IncidentCard, orders: readonly OrderCard[], list: SuggestionCard | undefined, limits: Limits, now_ms: number): Standing {
  if (isTheirs(incident)) return 'theirs';
  if (orders.some((order) => order.active)) return 'ordered';
  if (incident.state === 'on_hold') return 'on_hold';
  if (!incident.owner) return 'unclaimed';
  const late = (now_ms - Date.parse(incident.received_at)) / 1000 > limits.order_out_s;
  return late || (list && !list.units.length) ? 'held' : 'fresh';
}

/** Own before others', most urgent first, then the oldest. */
export function byUrgency(a: IncidentCard, b: IncidentCard): number {
  return Number(isTheirs(a)) - Number(isTheirs(b)) || a.level - b.level || a.received_at.localeCompare(b.received_at) || a.uid.localeCompare(b.uid);
}

/** Does an incident stand under a tab? */
export function underTab(tab: Tab, incident: IncidentCard, how: Standing, me: string): boolean {
  if (tab === 'mine') return incident.owner?.uid === me;
  if (tab === 'held') return how === 'held' || how === 'unclaimed';
  return tab === 'all' || how === 'on_hold';
}

export interface Match {
  call: CallCard;
  distance_m: number;
  apart_s: number;
}

/** Open calls from the same place in the same ten minutes: nearest first. */
export function joinable(incident: IncidentCard, calls: Iterable<CallCard>): Match[] {
  const found: Match[] = [];
  for (const call of calls) {
    if (call.state !== 'open' || call.incident || !call.point) continue;
    const distance_m = distanceM(incident.point, call.point);
    const apart_s = Math.abs(Date.parse(call.received_at) - Date.parse(incident.received_at)) / 1000;
    if (distance_m <= JOIN_M + (call.circle_m ?? 0) && apart_s <= JOIN_S) found.push({ call, distance_m, apart_s });
  }
  return found.sort((a, b) => a.distance_m - b.distance_m);
}

/** Pictures on the card: two rows of two. */
export const MOST_TILES = 4;

/** Cameras worth a tile, best first: what sees or can turn always, then what may show a picture at all. */
export function tiles(cameras: readonly SuggestedCamera[], most: number): SuggestedCamera[] {
  const rank = (one: SuggestedCamera): number => (one.sight === 'sees' || one.sight === 'can_turn' ? 0 : one.consent === 'none' || one.sight === 'dead' ? 2 : 1);
  return [...cameras].sort((a, b) => rank(a) - rank(b) || a.slot - b.slot).slice(0, most);
}

/** Orders with a rail of their own, newest first: the newest one, then who does not answer or is doubted, then by age. */
export function railsOf(active: readonly OrderCard[], most: number): OrderCard[] {
  const newest = active[active.length - 1];
  const rank = (order: OrderCard): number => (order === newest ? 0 : needsDesk(order) || order.doubt || order.inferred ? 1 : 2);
  const chosen = [...active].reverse().sort((a, b) => rank(a) - rank(b)).slice(0, most);
  return [...active].reverse().filter((order) => chosen.includes(order));
}

/** The order of a listed unit for this incident that is under way. */
export function orderOf(unit_uid: string, orders: readonly OrderCard[]): OrderCard | undefined {
  return orders.find((order) => order.active && order.unit === unit_uid);
}

/** A listed unit's straight-line distance now, in metres: the frozen list keeps its order, not yesterday's metres. */
export function distanceNow(line: SuggestedUnit, fix: { point: LonLat } | undefined, incident: Pick<IncidentCard, 'point'>): number {
  return line.how === 'straight' && fix ? distanceM(fix.point, incident.point) : line.distance_m;
}

/** Digits that would do something: listed, not ordered here already, and not asked for already (`pending`: waiting for an answer). */
export function liveSlots(list: SuggestionCard | undefined, orders: readonly OrderCard[], pending: ReadonlySet<string> = new Set()): number[] {
  return (list?.units ?? []).filter((line) => !pending.has(line.unit) && !orderOf(line.unit, orders)).map((line) => line.slot);
}

/** "2–6", "1", "1, 3–4". */
export function slotRanges(slots: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const slot of slots) {
    const run = runs[runs.length - 1];
    if (run && run[1] === slot - 1) run[1] = slot;
    else runs.push([slot, slot]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}

/** The first unit of the newer list that is new or nearer than what the frozen one shows; null when only ages differ. */
export function betterThan(frozen: SuggestionCard, newer: SuggestionCard): SuggestedUnit | null {
  if (newer.number <= frozen.number) return null;
  const known = new Set(frozen.units.map((line) => line.unit));
  return newer.units.find((line) => !known.has(line.unit)) ?? newer.units.find((line, i) => frozen.units[i]?.unit !== line.unit) ?? null;
}

/** Live lines of the frozen list whose unit the newest list no longer offers: their digits would be refused. */
export function lostLines(frozen: SuggestionCard, newer: SuggestionCard, orders: readonly OrderCard[]): SuggestedUnit[] {
  const offered = new Set(newer.units.map((line) => line.unit));
  return frozen.units.filter((line) => !offered.has(line.unit) && !orderOf(line.unit, orders));
}

/** One line of the incident's timeline: words come from `code` (i18n) and facts. */
export interface Line {
  at: string;
  who: string;
  code: string;
  facts: Record<string, unknown>;
  voice: boolean;
  /** The photo that a line tells of. */
  photo?: string;
}

export interface Story {
  incident: IncidentCard;
  calls: readonly CallCard[];
  orders: readonly OrderCard[];
  notes: readonly NoteCard[];
  photos?: readonly AttachmentCard[];
  list: SuggestionCard | undefined;
}

/** Steps that the radio can have told; a sending or a recall never is. */
const BY_VOICE = new Set(['rail.accepted', 'rail.en_route', 'rail.on_scene', 'order.state.refused', 'order.state.cleared']);

function orderLines(order: OrderCard): Line[] {
  const times = railTimes(order);
  const of = (at: string | null, code: string): Line[] => (at ? [{ at, who: order.target_name, code, facts: {}, voice: order.by_voice && BY_VOICE.has(code) }] : []);
  const ended = ['refused', 'timed_out', 'cleared', 'recalled', 'replaced'].includes(order.state) ? of(order.ended_at, `order.state.${order.state}`) : [];
  return [...RAIL.flatMap((step) => of(times[step], `rail.${step}`)), ...ended];
}

const NOTE_CODE: Record<string, string> = { feedback: 'timeline.feedback', callback: 'timeline.callback' };

/** The whole story known from cards, newest first. */
export function timeline({ incident, calls, orders, notes, photos = [], list }: Story, nameOf: (who: { name: { name: string } } | null) => string): Line[] {
  const lines: Line[] = [{ at: incident.opened_at, who: '', code: 'timeline.opened', facts: {}, voice: false }];
  if (incident.owner && incident.owner_since) lines.push({ at: incident.owner_since, who: '', code: 'timeline.owner', facts: { name: nameOf(incident.owner) }, voice: false });
  for (const call of calls) lines.push({ at: call.received_at, who: nameOf(call.taker), code: 'timeline.call', facts: { text: call.heard_place || call.remark }, voice: false });
  for (const note of notes) {
    lines.push({ at: note.written_at, who: note.source || nameOf(note.author), code: NOTE_CODE[note.kind] ?? 'timeline.note', facts: { text: note.text, stage: note.stage }, voice: false });
  }
  for (const photo of photos) {
    const line = { at: photo.received_at, who: photo.call_sign, code: 'timeline.photo', facts: { hash: photo.sha256.slice(0, 8) }, voice: false };
    lines.push(photo.erased_at ? { ...line, code: 'timeline.photo_erased' } : { ...line, photo: photo.uid });
  }
  if (list) lines.push({ at: list.made_at, who: '', code: 'timeline.list', facts: { n: list.number, units: list.units.length, cameras: list.cameras.length }, voice: false });
  return [...lines, ...orders.flatMap(orderLines)].sort((a, b) => b.at.localeCompare(a.at));
}

/** Timer colour by its rule: level 1 is vermillion from the start, others past warn and limit. */
export function timerHue(level: number, seconds: number, warn_s: number, limit_s: number): '' | 'warn' | 'urgent' {
  if (level === 1 || seconds > limit_s) return 'urgent';
  return seconds > warn_s ? 'warn' : '';
}
