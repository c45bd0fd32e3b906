import { describe, expect, it } from 'vitest';
import { cardsOf, fromBoard, needsSnapshot, reduceEvents } from '../src/core/board';
import type { JournalEvent } from '../src/core/wire';
import { board, call, incident, listed, order, suggestion, T0, unit } from './cards';

const event = (n: number, kind: string, data: Record<string, unknown>): JournalEvent => ({ n, kind, at: T0, actor: null, data });

describe('reduceEvents', () => {
  it('puts a card in, and replaces it by uid', () => {
    let state = reduceEvents(fromBoard(board()), [event(11, 'incident.opened', { incident: incident() })]);
    expect(state.incident.get('i-1')?.level).toBe(1);
    state = reduceEvents(state, [event(12, 'incident.changed', { incident: incident({ level: 3 }), changed: ['level'], cause: 'x' })]);
    expect([...state.incident.values()].map((one) => one.level)).toEqual([3]);
    expect(state.n).toBe(12);
  });

  it('ignores what it knows already: a resume may repeat', () => {
    const state = fromBoard(board({ n: 20 }));
    expect(reduceEvents(state, [event(20, 'incident.opened', { incident: incident() })])).toBe(state);
  });

  it('removes a closed incident with everything that belongs to it, and nothing else', () => {
    const full = board({
      incidents: [incident(), incident({ uid: 'i-2' })], orders: [order(), order({ uid: 'o-2', incident: 'i-2' })],
      calls: [call({ incident: 'i-1' }), call({ uid: 'k-2' })], suggestions: [suggestion(1, [listed(1)])], units: [unit()],
    });
    const after = cardsOf(reduceEvents(fromBoard(full), [event(11, 'incident.closed', { incident: incident({ state: 'closed' }) })]));
    expect(after['incidents']!.map((one) => one.uid)).toEqual(['i-2']);
    expect(after['orders']!.map((one) => one.uid)).toEqual(['o-2']);
    expect(after['calls']!.map((one) => one.uid)).toEqual(['k-2']);
    expect(after['suggestions']).toEqual([]);
    expect(after['units']!.map((one) => one.uid)).toEqual(['u-1']);
  });

  it('forgets what is concealed', () => {
    const state = fromBoard(board({ units: [unit()], orders: [order()] }));
    const after = reduceEvents(state, [event(11, 'unit.concealed', { removed_uid: 'u-1' }), event(12, 'order.concealed', { removed_uid: 'o-1' })]);
    expect([after.unit.size, after.order.size]).toEqual([0, 0]);
  });

  it('keeps one packet for each incident: the newest', () => {
    const state = fromBoard(board({ incidents: [incident()], suggestions: [suggestion(1, [listed(1)])] }));
    const after = reduceEvents(state, [event(11, 'incident.suggested', { suggestion: suggestion(2, [listed(1), listed(2)]) })]);
    expect([...after.suggestion.values()].map((one) => one.number)).toEqual([2]);
    const gone = reduceEvents(after, [event(12, 'suggestion.concealed', { removed_uid: 's-2' })]);
    expect(gone.suggestion.size).toBe(0);
  });

  it('leaves the state before untouched', () => {
    const state = fromBoard(board({ incidents: [incident()] }));
    reduceEvents(state, [event(11, 'incident.closed', { incident: incident() })]);
    expect(state.incident.size).toBe(1);
  });

  it('passes over kinds that carry no card, and kinds that it does not know', () => {
    const after = reduceEvents(fromBoard(board()), [event(11, 'desk.showed', { shown: [] }), event(12, 'never.heard_of', {})]);
    expect(after.n).toBe(12);
  });

  it('asks for a snapshot when rights or the tree changed', () => {
    expect(needsSnapshot([event(11, 'assignment.ended', {})])).toBe(true);
    expect(needsSnapshot([event(11, 'order.sent', {})])).toBe(false);
  });
});
