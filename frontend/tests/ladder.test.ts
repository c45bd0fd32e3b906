/** Silence on the screens: which rung still matters, who hears it how loud, what the phone does the second time. */
import { describe, expect, it } from 'vitest';
import { complete, parse } from '../src/command/parser';
import { askedAbout, leftSilent, needsDesk, rungHue, rungOf, wasSent } from '../src/core/ladder';
import type { JournalEvent } from '../src/core/wire';
import { loudnessOf } from '../src/faces/desk/silence';
import { louder } from '../src/faces/officer/alarm';
import { board, incident, order } from './cards';

const event = (kind: string): JournalEvent => ({ kind, data: {}, n: 1, at: '', actor: null }) as unknown as JournalEvent;
const me = board().me;
const there = { since: '2026-03-11T21:05:00Z', fix_at: '2026-03-11T21:05:10Z', distance_m: 40, accuracy_m: null };

describe('silence', () => {
  it('matters until somebody answers, and after the time is up', () => {
    expect(rungOf(order({ rung: 'desk' }))).toBe('desk');
    expect(rungOf(order({ rung: 'desk', state: 'accepted' }))).toBe('');
    expect(rungOf(order({ rung: 'commander', state: 'timed_out' }))).toBe('commander');
    expect(['', 'repeat', 'call', 'desk', 'next', 'commander'].filter((rung) => needsDesk(order({ rung })))).toEqual(['call', 'desk', 'next', 'commander']);
    expect([rungHue('repeat'), rungHue('next'), rungHue('commander')]).toEqual(['', 'warn', 'urgent']);
  });

  it('is left open only while nothing was sent since', () => {
    const late = order({ uid: 'a', state: 'timed_out', active: false, rung: 'commander' });
    const after = { sent_at: '2026-03-11T21:09:00Z' };
    expect(leftSilent([late])).toEqual([late]);
    expect(leftSilent([late, order({ uid: 'b', ...after })])).toEqual([]);
    expect(leftSilent([late, order({ uid: 'b', ...after, state: 'cleared', active: false })])).toEqual([]);
  });

  it('is loud at the desk that sent and insists at the shift commander, and nowhere else', () => {
    const loud = (kind: string, rung: string, over = {}): unknown => loudnessOf(event(kind), order({ rung, ...over }), incident(), { ...me, ...over });
    expect(loud('order.escalated', 'repeat')).toBe(null);
    expect(['call', 'desk', 'next'].map((rung) => loud('order.escalated', rung))).toEqual([2, 2, 2]);
    const stranger = { ...me, person: { ...me.person, uid: 'p-9' }, roles: [['dispatcher', 'c-9'] as [string, string]] };
    expect(loudnessOf(event('order.escalated'), order({ rung: 'desk' }), incident(), stranger)).toBe(null);
    expect(loudnessOf(event('order.timed_out'), order({ state: 'timed_out', rung: 'commander' }), incident(), { ...stranger, roles: [['shift_commander', 'c-9']] })).toBe(3);
    expect(loudnessOf(event('order.timed_out'), order({ state: 'timed_out', rung: 'commander' }), incident(), me)).toBe(2);
  });

  it('rings one level louder the second time', () => {
    expect([louder(1), louder(2), louder(3)]).toEqual([2, 3, 3]);
  });
});

describe('what was not sent and what fixes say', () => {
  it('keeps proposals apart from orders', () => {
    expect(['proposed', 'withdrawn', 'sent', 'recalled'].filter((state) => wasSent(order({ state })))).toEqual(['sent', 'recalled']);
  });

  it('asks about the newest order that fixes speak of', () => {
    const inferred = order({ uid: 'a', inferred: { verb: 'arrive', ...there } });
    const doubted = order({ uid: 'b', doubt: { kind: 'far_from_scene', ...there } });
    expect(askedAbout([inferred, doubted, order({ uid: 'c' })])).toBe(doubted);
    expect(askedAbout([order()])).toBe(undefined);
  });

  it('has its commands', () => {
    expect(parse('next 0147')).toMatchObject({ verb: 'NEXT', words: ['0147'] });
    expect(parse('NONEXT')).toMatchObject({ verb: 'NONEXT', words: [] });
    expect(parse('is p-12')).toMatchObject({ verb: 'IS', words: ['P-12'] });
    expect(parse('ISNT')).toEqual({ mistake: 'command_short', facts: { form: 'ISNT P-12' } });
    expect(complete('ISNT P', { sign: ['P-12', 'M-04'], number: [], centre: [] })).toEqual(['P-12']);
  });
});
