/** Moments worth jumping to: a code with facts each, words come later. Pure. */
import type { EpochMark, OrderCard } from '../../contract/types';
import type { Span } from '../../core/tracks';
import { dataOf, incidentOf, type Told } from './story';

export type Hue = '' | 'urgent' | 'warn' | 'go' | 'blind' | 'm';

export interface Mark {
  at_ms: number;
  key: string;
  code: string;
  facts: Record<string, unknown>;
  hue: Hue;
  /** The incident's number, where the marks of several stand together. */
  number: string;
}

/** A unit's gaps, with its call sign. */
export interface Silence {
  call_sign: string;
  spans: readonly Span[];
  /** How many fixes of each gap arrived after it. */
  late: readonly number[];
}

type Made = Omit<Mark, 'at_ms' | 'key' | 'number'> | null;
const say = (code: string, facts: Record<string, unknown> = {}, hue: Hue = ''): Made => ({ code: `mark.${code}`, facts, hue });

function orderMark(kind: string, order: OrderCard, device: Record<string, unknown>): Made {
  const facts = { unit: order.target_name, slot: order.suggestion_slot ?? '', reason: order.refuse_reason, text: order.refuse_text };
  const voice = device['how'] === 'voice' ? '_voice' : '';
  switch (kind) {
    case 'order.sent':
      return say(order.suggestion_slot === null ? 'sent' : order.suggestion_slot === 1 ? 'sent_first' : 'sent_slot', facts, 'go');
    case 'order.seen':
      return say('signed', facts, 'go');
    case 'order.answered':
      return order.state === 'refused' ? say('refused', facts, 'warn') : say(`accepted${voice}`, facts, 'go');
    case 'order.moved':
      return say(`${order.state === 'on_scene' ? 'on_scene' : 'en_route'}${voice}`, facts, 'go');
    case 'order.cleared':
      return say('cleared', { ...facts, disposition: order.disposition }, 'go');
    case 'order.recalled':
      return say('recalled', facts, 'warn');
    case 'order.replaced':
      return say('replaced', facts, 'warn');
    case 'order.timed_out':
      return say('timed_out', facts, 'warn');
    case 'order.escalated':
      return say(`rung.${order.rung}`, facts, order.rung === 'repeat' ? 'm' : 'warn');
    case 'order.proposed':
      return say('proposed', facts);
    case 'order.withdrawn':
      return say('withdrawn', facts, 'm');
    case 'order.inferred':
      return say(`inferred.${String(device['verb'] ?? '')}`, facts, 'm');
    case 'order.inference_denied':
      return say('denied', facts, 'm');
    case 'order.doubted':
      return order.doubt ? say('doubted', facts, 'warn') : say('doubt_over', facts, 'm');
    default:
      return null;
  }
}

function incidentMark(told: Told): Made {
  const { event } = told;
  const data = dataOf(event);
  const { incident } = data;
  const facts = { number: incident?.number ?? '', level: incident?.level ?? '', place: incident?.place ?? '', name: incident?.owner?.name, cause: data['cause'] ?? data['reason'] ?? '' };
  switch (event.kind) {
    case 'incident.opened':
      return say('opened', facts, incident?.level === 1 ? 'urgent' : incident?.level === 2 ? 'warn' : '');
    case 'incident.taken':
      return say('taken', facts);
    case 'incident.held':
      return say('held', { ...facts, reason: incident?.hold_reason }, 'warn');
    case 'incident.closed':
      return say('closed', { ...facts, reason: incident?.close_reason ?? '' }, 'm');
    case 'incident.changed':
    case 'incident.yielded':
    case 'incident.resumed':
    case 'incident.transferred':
    case 'incident.transfer_offered':
    case 'incident.transfer_answered':
    case 'incident.reopened':
      return say(event.kind.slice('incident.'.length), facts);
    default:
      return null;
  }
}

function markOf(told: Told): Made {
  const { event } = told;
  const data = dataOf(event);
  if (event.erased?.includes('record')) return say('erased', { kind: event.kind }, 'blind');
  if (data.order) return orderMark(event.kind, data.order, event.data);
  if (event.kind.startsWith('incident.') && event.kind !== 'incident.suggested') return incidentMark(told);
  switch (event.kind) {
    case 'call.taken':
      return say('call', { place: data.call?.heard_place ?? '' });
    case 'call.joined':
      return say('joined', { place: data.call?.heard_place ?? '' });
    case 'note.written':
      return data.note?.kind === 'feedback' ? say('feedback', { stage: data.note.stage, text: data.note.text ?? '' }) : say(event.erased?.length ? 'note_erased' : 'note', { text: data.note?.text ?? '' });
    case 'attachment.added':
      return say('photo', { unit: data.attachment?.call_sign ?? '' });
    case 'suggestion.failed':
      return say('list_failed', {}, 'warn');
    case 'request.asked':
    case 'request.escalated':
      return say(event.kind.replace('.', '_'), { unit: data.request?.call_sign ?? '' }, 'warn');
    case 'request.answered':
    case 'request.expired':
      return say('request_answered', { unit: data.request?.call_sign ?? '', state: data.request?.state ?? '' });
    default:
      return null;
  }
}

/** A list is worth a mark when another unit stands first. */
function listMarks(story: readonly Told[]): Mark[] {
  const first = new Map<string, string>();
  return story.flatMap(({ event, at_ms }) => {
    const list = dataOf(event).suggestion;
    if (event.kind !== 'incident.suggested' || !list) return [];
    const unit = list.units[0]?.call_sign ?? '';
    if (first.get(list.incident) === unit) return [];
    first.set(list.incident, unit);
    return [{ at_ms, key: `n${event.n}`, code: unit ? 'mark.list' : 'mark.list_empty', facts: { n: list.number, unit }, hue: 'm' as const, number: '' }];
  });
}

function gapMarks(silences: readonly Silence[], end_ms: number): Mark[] {
  return silences.flatMap(({ call_sign, spans, late }) => spans.flatMap(([from, to], i): Mark[] => [
    { at_ms: from, key: `g${call_sign}${from}`, code: 'mark.gap', facts: { unit: call_sign }, hue: 'blind', number: '' },
    ...(to < end_ms ? [{ at_ms: to, key: `h${call_sign}${to}`, code: late[i] ? 'mark.gap_late' : 'mark.gap_over', facts: { unit: call_sign, late: late[i] ?? 0 }, hue: 'blind' as const, number: '' }] : []),
  ]));
}

/** All marks of a story, oldest first. `several`: of many incidents, so each says which, and lists are left out. */
export function marksOf(story: readonly Told[], silences: readonly Silence[], epochs: readonly EpochMark[], end_ms: number, several = false): Mark[] {
  const numbers = new Map(several ? story.flatMap(({ event }) => (dataOf(event).incident ? [[dataOf(event).incident!.uid, dataOf(event).incident!.number] as const] : [])) : []);
  const told = story.flatMap((one): Mark[] => {
    const made = markOf(one);
    return made ? [{ at_ms: one.at_ms, key: `n${one.event.n}`, number: numbers.get(incidentOf(one.event)) ?? '', ...made }] : [];
  });
  const begun = epochs.map((epoch): Mark => ({ at_ms: Date.parse(String(epoch.begun_at)), key: `e${epoch.number}`, code: 'mark.epoch', facts: { n: epoch.number }, hue: 'warn', number: '' }));
  return [...told, ...(several ? [] : listMarks(story)), ...gapMarks(silences, end_ms), ...begun].sort((a, b) => a.at_ms - b.at_ms);
}

/** The last mark at or before a moment, -1 before the first. */
export function markAt(marks: readonly Mark[], at_ms: number): number {
  let found = -1;
  for (let i = 0; i < marks.length && marks[i]!.at_ms <= at_ms; i += 1) found = i;
  return found;
}

/** Where [ and ] go from a moment: strictly before and after it, so that pressing twice goes two marks. */
export function neighbour(marks: readonly Mark[], at_ms: number, by: -1 | 1): number | null {
  const times = marks.map((mark) => mark.at_ms);
  return by > 0 ? (times.find((at) => at > at_ms) ?? null) : (times.filter((at) => at < at_ms).pop() ?? null);
}
