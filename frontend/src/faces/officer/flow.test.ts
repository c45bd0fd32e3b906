import { describe, expect, it } from 'vitest';
import type { MeCard, OrderCard } from '../../contract/types';
import type { Waiting } from '../../core/outbox';
import catalogue from '../../contract/catalogue.json';
import { WORDS } from '../../core/i18n/all';
import {
  answerPath, changesDuty, chooseOrder, endingOf, LEADS_TO, mayRefuse, nextStep, receiptsDue, shownState, unanswered,
} from './flow';

const order = (change: Partial<OrderCard> = {}): OrderCard =>
  ({ uid: 'o1', incident: 'i1', unit: 'u1', state: 'sent', active: true, sent_at: '2026-03-11T13:04:33Z', delivered_at: null, seen_at: null, ...change }) as OrderCard;
const item = (answer: string, state: Waiting['state'] = 'waiting', uid = 'o1'): Waiting => ({
  key: `${uid}-${answer}`, path: answerPath(uid, answer), body: {}, what: answer, pressed_ms: 0, arrived_ms: null, state, problem: null, facts: {},
});

describe('shownState', () => {
  it('is the card when nothing is on its way', () => expect(shownState(order({ state: 'seen' }), [])).toBe('seen'));
  it('runs ahead by every answer that waits', () => {
    expect(shownState(order(), [item('delivered'), item('seen'), item('accept'), item('en_route')])).toBe('en_route');
  });
  it('keeps an answer that arrived before its event did', () => expect(shownState(order(), [item('accept', 'arrived')])).toBe('accepted'));
  it('falls back when the server refused the answer', () => expect(shownState(order({ state: 'seen' }), [item('accept', 'refused')])).toBe('seen'));
  it('never goes back', () => expect(shownState(order({ state: 'on_scene' }), [item('accept', 'arrived')])).toBe('on_scene'));
  it('ignores answers to other orders', () => expect(shownState(order(), [item('accept', 'waiting', 'o2')])).toBe('sent'));
  it('believes a recall more than an answer on its way', () => expect(shownState(order({ state: 'recalled' }), [item('on_scene')])).toBe('recalled'));
  it('takes cannot at once', () => expect(shownState(order({ state: 'accepted' }), [item('refuse')])).toBe('refused'));
  it('stays timed out for receipts, not for a late yes', () => {
    expect(shownState(order({ state: 'timed_out' }), [item('delivered', 'arrived'), item('seen', 'arrived')])).toBe('timed_out');
    expect(shownState(order({ state: 'timed_out' }), [item('accept')])).toBe('accepted');
  });
});

describe('the one big button', () => {
  it('leads from accept to clear and then ends', () => {
    expect(['sent', 'delivered', 'seen', 'accepted', 'en_route', 'on_scene', 'cleared', 'recalled'].map(nextStep)).toEqual([
      'accept', 'accept', 'accept', 'en_route', 'on_scene', 'clear', null, null,
    ]);
  });
  it('leaves a timed-out order acceptable but not refusable', () => {
    expect(nextStep('timed_out')).toBe('accept');
    expect(mayRefuse('timed_out')).toBe(false);
  });
  it('allows cannot until on scene', () => expect(['sent', 'accepted', 'en_route', 'on_scene'].map(mayRefuse)).toEqual([true, true, true, false]));
  it('rings until there is an answer', () => expect(['sent', 'seen', 'accepted', 'timed_out'].map(unanswered)).toEqual([true, true, false, false]));
});

describe('receipts', () => {
  it('owes delivered at once and seen only when a person can read it', () => {
    expect(receiptsDue(order(), false, [])).toEqual(['delivered']);
    expect(receiptsDue(order(), true, [])).toEqual(['delivered', 'seen']);
  });
  it('owes each once, also while it waits for a network', () => {
    expect(receiptsDue(order(), true, [item('delivered')])).toEqual(['seen']);
    expect(receiptsDue(order(), true, [item('delivered', 'arrived'), item('seen')])).toEqual([]);
    expect(receiptsDue(order({ state: 'seen', delivered_at: 'x', seen_at: 'y' }), true, [])).toEqual([]);
  });
  it('owes nothing for an order that is over', () => expect(receiptsDue(order({ state: 'recalled', active: false }), true, [])).toEqual([]));
});

describe('which order', () => {
  it('shows the most urgent of my unit, then the oldest; never another unit’s', () => {
    const list = [order({ uid: 'a', incident: 'low' }), order({ uid: 'b', incident: 'high', sent_at: '2026-03-11T14:00:00Z' }), order({ uid: 'c', unit: 'u2', incident: 'high' })];
    expect(chooseOrder(list, new Set(['u1']), (incident) => (incident === 'high' ? 1 : 3))?.uid).toBe('b');
    expect(chooseOrder(list, new Set(['u9']), () => 1)).toBeNull();
  });
  it('says how an order ended without the officer', () => {
    expect(endingOf(order({ state: 'recalled' }))).toBe('recalled');
    expect(endingOf(order({ state: 'cleared' }))).toBeNull();
  });
});

it('notices being signed on or off by the desk', () => {
  const me = { person: { uid: 'p1' }, unit: null } as unknown as MeCard;
  const on = { n: 1, kind: 'unit.signed_on', at: '', actor: null, data: { unit: { uid: 'u1' }, persons: ['p1'] } };
  expect(changesDuty(on, me)).toBe(true);
  expect(changesDuty(on, { ...me, unit: 'u1' })).toBe(false);
  expect(changesDuty({ ...on, kind: 'unit.signed_off' }, { ...me, unit: 'u1' })).toBe(true);
  expect(changesDuty({ ...on, kind: 'unit.signed_off' }, { ...me, unit: 'u2' })).toBe(false);
});

it('has words in both languages for every step and outbox line', () => {
  const keys = Object.keys(LEADS_TO).map((answer) => `officer.item.${answer}`);
  expect(keys.filter((key) => !WORDS[key]?.every(Boolean))).toEqual([]);
  expect(Object.keys(catalogue.events)).toContain('order.recalled');
});
