/** What the desk can do: one function per verb, the same for key, mouse and command line. Each echoes its command. */
import type { CallCard, IncidentCard, OrderCard, SuggestedUnit } from '../../contract/types';
import type { LonLat } from '../../core/geo';
import { ApiProblem } from '../../core/api';
import { problemWords } from '../../core/problem';
import { tail } from '../../core/time';
import { uuid7 } from '../../core/uuid7';
import { clock } from '../../core/clock.svelte';
import { askFor, mustAsk } from './acts_between';
import { deskOrder } from './between';
import type { Desk, Refusal } from './desk.svelte';

export interface Act {
  key: string;
  command: string;
  where: Refusal['where'];
  outcome?: 'sent' | 'done';
}

/** Run one act: echo at once, then how it went; a refusal is said where the act was. Returns undefined when refused. */
export async function run<T>(desk: Desk, act: Act, work: () => Promise<T>): Promise<T | undefined> {
  const echo = { at_ms: clock.read(), key: act.key, command: act.command };
  desk.echo = { ...echo, outcome: 'waiting' };
  desk.refusal = null;
  try {
    const answer = await work();
    desk.echo = { ...echo, outcome: act.outcome ?? 'done' };
    return answer;
  } catch (failure) {
    desk.echo = { ...echo, outcome: failure instanceof ApiProblem && failure.code === 'no_answer' ? 'unanswered' : 'refused' };
    desk.refusal = { where: act.where, words: problemWords(failure) };
    return undefined;
  }
}

/** Later than this a press means something new: what it meant before may long have been undone by others. */
const SAME_REQUEST_MS = 60_000;

/**
 * Post a decision. One whose answer was lost keeps its key: pressed again it is the same request, and cannot happen twice.
 * The key is also the id of what is made, where `made` says that something is.
 */
export async function decide<T>(desk: Desk, path: string, body: object = {}, made = false): Promise<T> {
  const mark = `${path} ${JSON.stringify(body)}`;
  const kept = desk.unanswered.get(mark);
  const key = kept && Date.now() - kept.at_ms < SAME_REQUEST_MS ? kept.key : uuid7();
  desk.unanswered.delete(mark);
  try {
    return await desk.app.api.post<T>(path, made ? { uid: key, ...body } : body, { key });
  } catch (failure) {
    if (failure instanceof ApiProblem && failure.code === 'no_answer') desk.unanswered.set(mark, { key, at_ms: Date.now() });
    throw failure;
  }
}

/** Send one unit; with the list's version and slot when it came from the list. */
export async function sendUnit(desk: Desk, incident: IncidentCard, unit: { uid: string; call_sign: string }, from: { version: number; slot: number } | null, where: Refusal['where'] = 'card'): Promise<void> {
  const mark = `${incident.uid} ${unit.uid}`;
  if (desk.sending.has(mark)) return;
  desk.setSending(mark, true);
  const parent = deskOrder(incident.uid, desk.home, desk.orders)?.uid ?? null;
  const body = { incident: incident.uid, target: { kind: 'unit', uid: unit.uid }, suggestion: from, stack: false, parent };
  const act: Act = { key: from ? String(from.slot) : '', command: `D ${unit.call_sign} ${tail(incident.number)}`, where, outcome: 'sent' };
  await run(desk, act, () => decide(desk, '/orders', body, true));
  desk.setSending(mark, false);
}

/** A digit key: the numbered line of the frozen list. One that must be asked for is asked for. */
export async function sendSlot(desk: Desk, slot: number): Promise<void> {
  const { incident, list } = desk;
  const line: SuggestedUnit | undefined = list?.units.find((one) => one.slot === slot);
  if (!incident || !list || !line) return;
  const why = desk.whyNot('order.send');
  if (why) {
    desk.refusal = { where: 'card', words: why };
    return;
  }
  if (mustAsk(desk, incident, line)) return void (await askFor(desk, incident, line));
  await sendUnit(desk, incident, { uid: line.unit, call_sign: line.call_sign }, { version: list.number, slot });
}

export const recall = (desk: Desk, order: OrderCard): Promise<unknown> =>
  run(desk, { key: 'Z', command: `RECALL ${order.target_name}`, where: 'card' }, () => decide(desk, `/orders/${order.uid}/recall`, {}));

const SPOKEN: Record<string, string> = { refuse: 'CANNOT' };

/** Answered by voice: the step that the radio just said. `how` is the disposition of a clearing, the reason of a cannot. */
export function voice(desk: Desk, order: OrderCard, verb: string, how = '', text = ''): Promise<unknown> {
  const act = { key: verb === 'refuse' ? 'U' : 'V', command: `ST ${order.target_name} ${SPOKEN[verb] ?? verb.toUpperCase()} ${how.toUpperCase()} ${text}`.trim(), where: 'card' as const };
  const more = verb === 'refuse' ? { reason: how || 'other', text } : verb === 'clear' ? { disposition: how || 'handled', text } : {};
  return run(desk, act, () => decide(desk, `/orders/${order.uid}/voice`, { verb, ...more }));
}

export const take = (desk: Desk, incident: IncidentCard, where: Refusal['where'] = 'card'): Promise<unknown> =>
  run(desk, { key: 'T', command: `TAKE ${tail(incident.number)}`, where }, () => decide(desk, `/incidents/${incident.uid}/take`, {}));

export const yieldIt = (desk: Desk, incident: IncidentCard): Promise<unknown> =>
  run(desk, { key: '', command: `YIELD ${tail(incident.number)}`, where: 'card' }, () => decide(desk, `/incidents/${incident.uid}/yield`, {}));

export const watch = (desk: Desk, incident: IncidentCard, watching: boolean): Promise<unknown> =>
  run(desk, { key: '', command: `${watching ? 'WATCH' : 'UNWATCH'} ${tail(incident.number)}`, where: 'card' }, () =>
    decide(desk, `/incidents/${incident.uid}/watch`, { watching }),
  );

export const hold = (desk: Desk, incident: IncidentCard, minutes: number, reason: string, where: Refusal['where'] = 'card'): Promise<unknown> =>
  run(desk, { key: 'H', command: `HOLD ${minutes} ${reason}`, where }, () => decide(desk, `/incidents/${incident.uid}/hold`, { minutes, reason }));

export const resume = (desk: Desk, incident: IncidentCard): Promise<unknown> =>
  run(desk, { key: 'H', command: `RESUME ${tail(incident.number)}`, where: 'card' }, () => decide(desk, `/incidents/${incident.uid}/resume`, {}));

export const close = (desk: Desk, incident: IncidentCard, reason: string, where: Refusal['where'] = 'card'): Promise<unknown> =>
  run(desk, { key: 'X', command: `CLOSE ${reason}`.trim(), where }, () => decide(desk, `/incidents/${incident.uid}/close`, { reason }));

export const note = (desk: Desk, incident: IncidentCard, text: string, where: Refusal['where'] = 'card'): Promise<unknown> =>
  run(desk, { key: 'N', command: `NOTE ${text}`, where }, () => decide(desk, `/incidents/${incident.uid}/notes`, { text }, true));

export const feedback = (desk: Desk, incident: IncidentCard, text: string, stage = 'final'): Promise<unknown> =>
  run(desk, { key: 'F', command: `FEEDBACK ${stage.toUpperCase()} ${text}`, where: 'card' }, () => decide(desk, `/incidents/${incident.uid}/feedback`, { stage, text }, true));

export const join = (desk: Desk, call: { uid: string }, incident: IncidentCard): Promise<unknown> =>
  run(desk, { key: 'J', command: `JOIN ${tail(incident.number)}`, where: 'card' }, () => decide(desk, `/calls/${call.uid}/join`, { incident: incident.uid }));

export const endCall = (desk: Desk, call: CallCard, reason: string): Promise<unknown> =>
  run(desk, { key: '', command: `ENDCALL ${reason}`, where: 'queue' }, () => decide(desk, `/calls/${call.uid}/close`, { reason }));

/** A draft keeps its id until it is sent: pressing again after a lost answer cannot make a second one. */
export interface NewIncident {
  uid: string;
  kind: string;
  level: number;
  point: LonLat;
  place: string;
  remark: string;
  call: string | null;
}

/** Post a draft; that the server has this id already means that an earlier press arrived and only its answer was lost. */
async function postDraft(desk: Desk, path: string, body: { uid: string }): Promise<{ uid: string }> {
  try {
    return await decide<{ uid: string }>(desk, path, body);
  } catch (failure) {
    if (failure instanceof ApiProblem && failure.code === 'exists' && failure.field === 'uid') return { uid: body.uid };
    throw failure;
  }
}

/** Open an incident; its id is known before the feed brings it, so it can be chosen at once. */
export async function openIncident(desk: Desk, draft: NewIncident): Promise<boolean> {
  const { call, ...rest } = draft;
  const body = { ...rest, ...(call ? { call } : {}) };
  const answer = await run(desk, { key: 'Enter', command: `OPEN ${draft.level} ${draft.kind}`, where: 'panel' }, () => postDraft(desk, '/incidents', body));
  if (!answer) return false;
  desk.panel = null;
  desk.choose(draft.uid);
  return true;
}

export interface NewCall {
  uid: string;
  channel: string;
  caller_number: string;
  caller_name: string;
  heard_place: string;
  remark: string;
  point: LonLat | null;
  received_at: string;
}

/** Write a call down; returns whether it stands. */
export async function takeCall(desk: Desk, draft: NewCall): Promise<boolean> {
  return (await run(desk, { key: 'C', command: 'CALL', where: 'panel' }, () => postDraft(desk, '/calls', draft))) !== undefined;
}
