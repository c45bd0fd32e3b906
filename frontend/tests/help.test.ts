import { describe, expect, it } from 'vitest';
import { after, parse, type Command } from '../src/command/parser';
import type { CannedCard, DistressCard, MessageCard } from '../src/contract/types';
import { readyTexts, upwards } from '../src/core/line';
import type { Desk } from '../src/faces/desk/desk.svelte';
import { addressedBy } from '../src/faces/desk/talk/acts';
import { incident, unit } from './cards';
import { threadsOf } from '../src/faces/desk/talk/talk.svelte';
import { isFinal, newPress, pressOf } from '../src/faces/officer/help/press';

const message = (over: Partial<MessageCard>): MessageCard =>
  ({ uid: 'm', batch: 'b', way: 'to_desk', unit: 'u1', call_sign: 'P-11', centre: 's1', sender: null, incident: null, words: { name: 'x', zh: '', en: '' }, canned: '', state: 'sent', device_at: null, sent_at: '2024-03-11T21:00:00Z', delivered_at: null, read_at: null, read_by: null, version: 1, ...over }) as MessageCard;
const ready = (code: string, centre: string | null, name: string, way = 'to_unit'): CannedCard => ({ code, way, centre, words: { name, zh: name, en: name } });

describe('messages at the desk', () => {
  it('stand in threads by unit, the newest talk first, unread only what is this desk’s', () => {
    const cards = [
      message({ uid: 'a' }), message({ uid: 'b', unit: 'u2', call_sign: 'P-12', sent_at: '2024-03-11T21:05:00Z' }),
      message({ uid: 'c', state: 'read', sent_at: '2024-03-11T21:01:00Z' }), message({ uid: 'd', way: 'to_unit', sent_at: '2024-03-11T21:02:00Z' }),
    ];
    const threads = threadsOf(cards, (card) => card.way === 'to_desk' && card.centre === 's1');
    expect(threads.map((one) => [one.call_sign, one.unread, one.messages.map((card) => card.uid).join('')])).toEqual([['P-12', 1, 'b'], ['P-11', 1, 'acd']]);
  });

  it('offer the ready texts of the own line, the nearest centre’s words first', () => {
    const canned = [ready('wait', null, 'house'), ready('wait', 's1', 'own'), ready('go', 's2', 'other'), ready('ok', 'd1', 'district'), ready('back', null, 'x', 'to_desk')];
    expect(readyTexts(canned, 'to_unit', ['s1', 'd1']).map((one) => one.words.name)).toEqual(['own', 'district']);
    const centres = new Map([['s1', { uid: 's1', parent: 'd1' }], ['d1', { uid: 'd1', parent: null }], ['ring', { uid: 'ring', parent: 'ring' }]]);
    expect([upwards('s1', centres), upwards(null, centres), upwards('ring', centres).length]).toEqual([['s1', 'd1'], [], 12]);
  });

  it('to an incident find it by the number without its zeros, as every other command does', () => {
    const queue = [{ incident: incident() }, { incident: incident({ uid: 'i-2', number: 'S3-260311-1470' }) }];
    const desk = { queue, store: { board: { me: { home: 'c-1' } }, units: () => [unit()] } } as unknown as Desk;
    expect(['147', '0147', '1470', '0', 'p12', 'P-12,P-99', 'all'].map((word) => addressedBy(desk, word))).toEqual([
      { incident: 'i-1' }, { incident: 'i-1' }, { incident: 'i-2' }, { incident: 'i-2' }, { units: ['u-1'] }, null, { centre: 'c-1' },
    ]);
  });

  it('go by the command line with their words as written', () => {
    expect(after(parse('msg P-12 Come to the Bridge') as Command, 1)).toBe('Come to the Bridge');
    expect(parse('MSG P-12')).toMatchObject({ mistake: 'command_short' });
  });
});

describe('a press for help', () => {
  const fix = { lon: -71.2, lat: -29.9, fix_at: '2024-03-11T21:00:00.000Z', accuracy_m: 8 };
  it('is made once: unit, moment, and what the phone knew of its place', () => {
    const press = newPress('k', { uid: 'u1', call_sign: 'P-11' }, Date.parse('2024-03-11T21:00:05Z'), fix);
    expect(press.body).toEqual({ unit: 'u1', device_at: '2024-03-11T21:00:05.000Z', point: [-71.2, -29.9], fix_at: fix.fix_at, accuracy_m: 8 });
    expect(newPress('k', { uid: 'u1', call_sign: 'P-11' }, 0, null).body.point).toBeNull();
  });

  it('is sent on after everything but a plain no', () => {
    expect(['no_answer', 'server_failed', 'not_signed_in', 'too_fast', 'key_busy', 'unavailable'].some(isFinal)).toBe(false);
    expect(['unit_off_duty', 'forbidden', 'bad_input'].every(isFinal)).toBe(true);
  });

  it('that another phone made is known by its card', () => {
    const card = { uid: 'd', unit: 'u1', call_sign: 'P-11', pressed_at: '2024-03-11T21:00:00Z', received_at: '2024-03-11T21:14:00Z', cancelled_at: null, point: null, fix_at: null, accuracy_m: null, device_at: null } as unknown as DistressCard;
    expect(pressOf(card)).toMatchObject({ uid: 'd', received_at: '2024-03-11T21:14:00Z', cancel: 'no', refused: null });
  });
});
