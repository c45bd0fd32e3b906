import { describe, expect, it } from 'vitest';
import { has } from '../src/core/i18n';
import { fromBoard } from '../src/core/board';
import type { RecordedEvent } from '../src/core/recording';
import { intervalsOf } from '../src/faces/replay/intervals';
import { axis, lanesOf, type Asked } from '../src/faces/replay/lanes';
import { markAt, marksOf, neighbour } from '../src/faces/replay/marks';
import { knownAt, storyOf, type Told } from '../src/faces/replay/story';
import { markWords } from '../src/faces/replay/words';
import { dayIn, momentIn } from '../src/faces/replay/zone';
import { couldReachM } from '../src/map/could';
import { pieces, trailFeatures } from '../src/map/trail';
import { board, call, incident, listed, order, suggestion, T0 } from './cards';

const BEGIN = Date.parse(T0);
const at = (second: number): number => BEGIN + second * 1000;
const iso = (second: number): string => new Date(at(second)).toISOString();
let n = 0;
const event = (second: number, kind: string, data: Record<string, unknown>): RecordedEvent => ({ n: ++n, kind, at: iso(second), actor: null, data });

/** A call, an incident, two lists, an order that goes its way, another that is refused. */
const EVENTS: RecordedEvent[] = [
  event(0, 'call.taken', { call: call({ heard_place: 'bridge' }) }),
  event(9, 'incident.opened', { incident: incident() }),
  event(9, 'call.joined', { call: call({ incident: 'i-1', state: 'joined' }) }),
  event(10, 'incident.suggested', { suggestion: suggestion(1, [listed(1)]) }),
  event(15, 'incident.suggested', { suggestion: suggestion(2, [listed(1)]) }),
  event(20, 'order.sent', { order: order() }),
  event(21, 'order.delivered', { order: order({ state: 'delivered' }) }),
  event(25, 'order.seen', { order: order({ state: 'seen' }) }),
  event(30, 'order.answered', { order: order({ state: 'accepted' }), how: 'app' }),
  event(40, 'incident.opened', { incident: incident({ uid: 'i-2', level: 3 }) }),
  event(50, 'order.sent', { order: order({ uid: 'o-2', unit: 'u-2', target_name: 'M-04', suggestion_slot: 2 }) }),
  event(130, 'order.answered', { order: order({ uid: 'o-2', unit: 'u-2', target_name: 'M-04', state: 'refused', active: false, refuse_reason: 'too_far' }), how: 'voice' }),
  event(200, 'order.moved', { order: order({ state: 'on_scene' }), how: 'app' }),
  event(210, 'camera.viewed', { camera_code: 'C-1', step: 'shown', incident_number: 'S3-260311-0147' }),
  event(218, 'camera.viewed', { camera_code: 'C-1', step: 'shown', incident_number: 'S3-260311-0147' }),
  event(300, 'note.written', { note: { uid: 'n-1', incident: 'i-1', kind: 'note', stage: '', text: 'two men' } }),
  event(400, 'order.cleared', { order: order({ state: 'cleared', active: false, disposition: 'handled' }) }),
  event(401, 'incident.closed', { incident: incident({ state: 'closed' }) }),
];
const WHEN = EVENTS.map((one) => Date.parse(one.at));
const story = (uid: string | null): Told[] => storyOf(EVENTS, WHEN, uid);

describe('the story of one incident', () => {
  it('begins with its call and leaves out what is another’s', () => {
    const kinds = story('i-1').map(({ event: one }) => one.kind);
    expect(kinds.slice(0, 3)).toEqual(['call.taken', 'incident.opened', 'call.joined']);
    expect(kinds.filter((kind) => kind === 'incident.opened')).toHaveLength(1);
    expect(story(null)).toHaveLength(EVENTS.length);
    expect(story('i-9')).toEqual([]);
  });
  it('is known as it was, also before anything and after its end', () => {
    const base = fromBoard(board());
    const known = (second: number) => knownAt(base, story('i-1'), 'i-1', at(second));
    expect([known(5).incident, known(5).calls.length, known(5).list]).toEqual([null, 0, undefined]);
    expect([known(9).calls.length, known(12).list?.number, known(60).orders.map((one) => one.state)]).toEqual([1, 1, ['accepted', 'sent']]);
    expect([known(9999).incident?.state, known(9999).orders.map((one) => one.state), known(9999).notes.length, known(9999).list?.number]).toEqual(['closed', ['cleared', 'refused'], 1, 2]);
    const before = fromBoard(board({ incidents: [incident({ uid: 'i-5' })], orders: [order({ incident: 'i-5' })] }));
    expect(knownAt(before, [], 'i-5', at(0)).orders).toHaveLength(1);
  });
  it('says which incident a mark is of where several stand together, and leaves lists out', () => {
    const marks = marksOf(story(null), [], [], at(500), true);
    expect(marks.filter((mark) => mark.code === 'mark.list')).toEqual([]);
    expect(markWords(marks.find((mark) => mark.code === 'mark.sent_first')!)).toBe('0147 P-12 sent, first suggestion taken');
  });
});

describe('marks', () => {
  const silences = [{ call_sign: 'P-12', spans: [[at(60), at(120)], [at(380), at(500)]] as [number, number][], late: [41, 0] }];
  const marks = marksOf(story('i-1'), silences, [{ number: 2, begun_at: iso(350), first_n: 9 }], at(500));

  it('tell what happened in order, each with words, a list only when another unit stands first', () => {
    expect(marks.map((mark) => mark.code)).toEqual([
      'mark.call', 'mark.opened', 'mark.joined', 'mark.list', 'mark.sent_first', 'mark.signed', 'mark.accepted', 'mark.sent_slot', 'mark.gap', 'mark.gap_late',
      'mark.refused', 'mark.on_scene', 'mark.note', 'mark.epoch', 'mark.gap', 'mark.cleared', 'mark.closed',
    ]);
    expect(marks.filter((mark) => !has(mark.code))).toEqual([]);
    expect(marks.map(markWords).every((words) => words && !words.includes('–') && !/[:：]$/.test(words))).toBe(true);
    expect(markWords(marks[10]!)).toBe('M-04 cannot: too far');
  });
  it('show what a rule took as taken', () => {
    const erased = story('i-1').map((one) => ({ ...one, event: { ...one.event, data: {}, erased: ['record'] } }));
    expect(new Set(marksOf(erased, [], [], at(500)).map((mark) => mark.code))).toEqual(new Set(['mark.erased']));
  });
  it('are gone through one by one, also those of one second', () => {
    expect([markAt(marks, at(-1)), markAt(marks, at(9)), markAt(marks, at(9999))]).toEqual([-1, 2, marks.length - 1]);
    expect([neighbour(marks, at(9), 1), neighbour(marks, at(9), -1), neighbour(marks, at(0), -1), neighbour(marks, at(401), 1)]).toEqual([at(10), at(0), null, null]);
  });
});

describe('lanes', () => {
  const asked: Asked = { incident: 'i-1', number: 'S3-260311-0147', end_ms: at(500), late_s: 60, gapsOf: (unit) => (unit === 'u-1' ? [[at(60), at(120)]] : []) };
  const lanes = lanesOf(story('i-1'), story(null), asked);
  const shape = (key: string): [number, number, string][] => lanes.find((lane) => lane.key === key)!.bars.map((bar) => [(bar.from_ms - BEGIN) / 1000, (bar.to_ms - BEGIN) / 1000, bar.look]);

  it('draw the incident as waiting, dispatched, on scene, and nothing after it closed', () => {
    expect(shape('incident')).toEqual([[9, 20, 'waiting'], [20, 200, 'dispatched'], [200, 400, 'on_scene'], [400, 401, 'done']]);
  });
  it('draw each order by its states, a late one as late, gaps on top', () => {
    expect(shape('u-1')).toEqual([[20, 30, 'sent'], [30, 200, 'accepted'], [200, 400, 'on_scene'], [60, 120, 'gap']]);
    expect(shape('u-2')).toEqual([[50, 130, 'late']]);
  });
  it('draw looks that belong together as one, and only those for this incident', () => {
    expect(shape('views')).toEqual([[210, 226, 'view']]);
    expect(lanesOf(story('i-1'), story(null), { ...asked, number: 'X' }).find((lane) => lane.key === 'views')!.bars).toEqual([]);
  });
  it('end at the end of the recording what is still open then', () => {
    const open = lanesOf(story('i-2'), story(null), { ...asked, incident: 'i-2' });
    expect(open.find((lane) => lane.key === 'incident')!.bars.map((bar) => bar.to_ms)).toEqual([at(500)]);
  });
  it('put round times on the axis', () => {
    expect(axis(at(3), at(750), 14).map((ms) => (ms - BEGIN) / 1000)).toEqual([60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 660, 720]);
    expect(axis(at(0), at(6 * 3600), 12).length).toBeLessThanOrEqual(12);
  });
});

describe('intervals', () => {
  const limits: Record<string, number> = { call_answer_s: 10, order_out_level1_s: 60, sign_green_s: 30, onscene_urban_s: 300 };
  const ask = (now: number, orders = [order({ sent_at: iso(20), seen_at: iso(60) })]) => intervalsOf({
    incident: incident(), calls: [call({ received_at: iso(0), answered_at: iso(4) })], orders, now_ms: at(now), threshold: (key) => limits[key] ?? null,
  }).map(({ code, took_s, running, over }) => [code.slice(9), took_s, running, over]);

  it('run until they are over, against the profile', () => {
    expect(ask(100)).toEqual([['answered', 4, false, false], ['sent', 16, false, false], ['signed', 40, false, true], ['accepted', 80, true, false], ['on_scene', 100, true, false]]);
    expect(ask(10, [])).toEqual([['answered', 4, false, false], ['sent', 6, true, false]]);
  });
});

describe('the zone of a centre', () => {
  it('turns wall clocks into moments, also around a change of the clocks', () => {
    expect(momentIn('America/Santiago', '2026-03-11', '21:05')).toBe(Date.parse('2026-03-12T00:05:00Z'));
    expect(momentIn('Asia/Shanghai', '2026-03-11', '21:05:30')).toBe(Date.parse('2026-03-11T13:05:30Z'));
    expect(momentIn('America/New_York', '2026-03-08', '01:30')).toBe(Date.parse('2026-03-08T06:30:00Z'));
    expect(momentIn('America/New_York', '2026-03-08', '03:30')).toBe(Date.parse('2026-03-08T07:30:00Z'));
    expect(momentIn('Asia/Kathmandu', '2026-01-01', '00:00')).toBe(Date.parse('2025-12-31T18:15:00Z'));
    expect([momentIn('UTC', '2026-13-45', '21:05'), momentIn('UTC', '', '21:05'), momentIn('UTC', '2026-03-11', 'noon')]).toEqual([null, null, null]);
    expect(dayIn('America/Santiago', Date.parse('2026-03-12T00:05:00Z'))).toBe('2026-03-11');
  });
});

describe('what is not known', () => {
  const point = (second: number, late = false) => ({ point: [second / 1e4, 0] as [number, number], fix_ms: at(second), late });
  it('is never bridged by a line', () => {
    expect(pieces([point(0), point(5), point(100), point(105), point(300)], 30).map((part) => part.length)).toEqual([2, 2, 1]);
    const drawn = trailFeatures([[point(0), point(5), point(100)]], 30).features.map((one) => one.geometry.type);
    expect(drawn).toEqual(['LineString', 'Point', 'Point', 'Point']);
  });
  it('grows with its age, by what the unit moves on, up to a limit', () => {
    expect([couldReachM('foot', 60), couldReachM('car', 60), couldReachM('car', 1e6), couldReachM('car', -5)]).toEqual([180, 1002, 5000, 0]);
  });
});
