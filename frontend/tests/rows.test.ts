import { describe, expect, it } from 'vitest';
import { betterThan, byUrgency, joinable, liveSlots, lostLines, railsOf, slotRanges, standing, timeline, timerHue, underTab } from '../src/faces/desk/rows';
import { railTimes, signedAt } from '../src/parts/rail';
import { call, incident, listed, order, suggestion, T0 } from './cards';

const NOW = Date.parse(T0) + 30_000;
const LIMITS = { order_out_s: 60 };

describe('orders with a rail', () => {
  it('are the newest and whoever needs the desk, newest first', () => {
    const at = (uid: string, over = {}) => order({ uid, ...over });
    const active = [at('silent', { rung: 'desk' }), at('a'), at('b'), at('doubted', { doubt: {} as never, state: 'on_scene' }), at('c'), at('newest')];
    expect(railsOf(active, 3).map((one) => one.uid)).toEqual(['newest', 'doubted', 'silent']);
    expect(railsOf(active.slice(1, 3), 3).map((one) => one.uid)).toEqual(['b', 'a']);
    expect(railsOf([], 3)).toEqual([]);
  });
});

describe('how an incident stands', () => {
  it('goes by its active orders first', () => {
    expect(standing(incident({ owner: null }), [order()], undefined, LIMITS, NOW)).toBe('ordered');
    expect(standing(incident({ owner: null }), [order({ active: false })], undefined, LIMITS, NOW)).toBe('unclaimed');
  });

  it('is held when no unit can be ordered or the time for an order has run out', () => {
    expect(standing(incident(), [], suggestion(1, [listed(1)]), LIMITS, NOW)).toBe('fresh');
    expect(standing(incident(), [], suggestion(1, []), LIMITS, NOW)).toBe('held');
    expect(standing(incident(), [], suggestion(1, [listed(1)]), LIMITS, NOW + 60_000)).toBe('held');
    expect(standing(incident({ state: 'on_hold' }), [], suggestion(1, []), LIMITS, NOW)).toBe('on_hold');
  });
});

describe('another centre’s incident, seen by ground only', () => {
  const theirs = incident({ uid: 'i-2', owner: null, remark: null, hazards: null });
  it('is never unclaimed or held here, and stands under no tab but all', () => {
    expect(standing(theirs, [], undefined, LIMITS, NOW + 600_000)).toBe('theirs');
    expect((['all', 'mine', 'held', 'on_hold'] as const).map((tab) => underTab(tab, theirs, 'theirs', 'p-1'))).toEqual([true, false, false, false]);
    expect(underTab('on_hold', { ...theirs, state: 'on_hold' }, 'theirs', 'p-1')).toBe(false);
  });
  it('comes after every own one', () => {
    expect([theirs, incident({ level: 4 })].sort(byUrgency).map((one) => one.uid)).toEqual(['i-1', 'i-2']);
  });
});

describe('the second call', () => {
  it('is offered within 60 m and ten minutes, nearest first', () => {
    const near = call({ uid: 'a', point: [-122.4093, 37.788] });
    const nearer = call({ uid: 'b', point: [-122.4091, 37.788] });
    const far = call({ uid: 'c', point: [-122.411, 37.788] });
    const late = call({ uid: 'd', received_at: '2026-03-11T21:20:00Z' });
    const done = call({ uid: 'e', state: 'joined', incident: 'i-9' });
    expect(joinable(incident(), [near, nearer, far, late, done]).map((match) => match.call.uid)).toEqual(['b', 'a']);
  });
});

describe('the frozen list', () => {
  it('takes a digit for asking a neighbour too, but not while the answer is awaited', () => {
    const list = suggestion(1, [listed(1), { ...listed(2), order_by: 'request' }]);
    expect(liveSlots(list, [])).toEqual([1, 2]);
    expect(liveSlots(list, [], new Set([listed(2).unit]))).toEqual([1]);
  });

  it('arms only lines that are not ordered yet', () => {
    const list = suggestion(1, [listed(1), listed(2), listed(3), listed(4)]);
    const live = liveSlots(list, [order({ unit: 'u-2' }), order({ uid: 'o-2', unit: 'u-3', active: false })]);
    expect(live).toEqual([1, 3, 4]);
    expect(slotRanges(live)).toBe('1, 3–4');
  });

  it('names the new unit of a newer list, and nothing when only ages differ', () => {
    const frozen = suggestion(1, [listed(1), listed(2)]);
    expect(betterThan(frozen, suggestion(2, [listed(1, { unit: 'u-9', call_sign: 'P-31' }), listed(2)]))?.call_sign).toBe('P-31');
    expect(betterThan(frozen, suggestion(2, [listed(1), listed(2)]))).toBeNull();
    expect(betterThan(frozen, suggestion(1, [listed(1, { unit: 'u-9' })]))).toBeNull();
  });
});

describe('a digit that would be refused', () => {
  it('is named when the newest list no longer offers its unit, unless it was ordered here', () => {
    const frozen = suggestion(1, [listed(1), listed(2), listed(3)]);
    const newer = suggestion(2, [listed(3)]);
    expect(lostLines(frozen, newer, [order({ unit: 'u-1' })]).map((line) => line.unit)).toEqual(['u-2']);
  });
});

describe('receipts', () => {
  it('do not call a refusal an acceptance', () => {
    expect(railTimes(order({ state: 'refused', refuse_reason: 'busy', answered_at: T0 })).accepted).toBeNull();
    expect(railTimes(order({ state: 'accepted', answered_at: T0 })).accepted).toBe(T0);
  });
  it('is signed by the acceptance of a person who was faster than his phone, never by a voice or a refusal', () => {
    expect(signedAt(order({ state: 'accepted', answered_at: T0 }))).toBe(T0);
    expect(signedAt(order({ state: 'accepted', seen_at: '2026-03-11T21:04:34Z', answered_at: T0 }))).toBe('2026-03-11T21:04:34Z');
    expect(signedAt(order({ state: 'accepted', answered_at: T0, by_voice: true }))).toBeNull();
    expect(signedAt(order({ state: 'refused', refuse_reason: 'busy', answered_at: T0 }))).toBeNull();
  });

  it('stand in the timeline, newest first, with the end', () => {
    const ended = order({ state: 'recalled', active: false, ended_at: '2026-03-11T21:06:00Z' });
    const lines = timeline({ incident: incident(), calls: [], orders: [ended], notes: [], list: undefined }, () => 'x');
    expect(lines.map((line) => line.code)).toEqual(['order.state.recalled', 'timeline.opened', 'timeline.owner', 'rail.sent']);
  });
});

describe('timers', () => {
  it('are vermillion at level 1, else neutral until the rule', () => {
    expect([timerHue(1, 0, 60, 120), timerHue(2, 59, 60, 120), timerHue(2, 61, 60, 120), timerHue(3, 121, 60, 120)]).toEqual(['urgent', '', 'warn', 'urgent']);
  });
});
