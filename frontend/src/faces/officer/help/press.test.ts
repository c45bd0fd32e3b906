import { expect, test } from 'vitest';
import { isUnsent, newPress, tidyPresses, wipeAllBut, type Press } from './press';

const NOW = Date.parse('2026-03-11T21:04:33Z');
const UNIT = { uid: 'u', call_sign: 'P-12' };

function storage(kept: Record<string, unknown>): Storage {
  const map = new Map(Object.entries(kept).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
  const api = { getItem: (name: string) => map.get(name) ?? null, removeItem: (name: string) => void map.delete(name) };
  return new Proxy(api, { ownKeys: () => [...map.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) }) as unknown as Storage;
}

const press = (change: Partial<Press> = {}): Press => ({ ...newPress('a', UNIT, NOW - 60_000, null), ...change });
const RECEIVED = press({ received_at: '2026-03-11T21:04:00Z' });
const REFUSED = press({ refused: { code: 'unit_off_duty', facts: {} } });

test('a press is unsent until the server has said yes or no', () => {
  expect([press(), RECEIVED, REFUSED].map(isUnsent)).toEqual([true, false, false]);
});

test('signing out wipes everything of the duty but a press that is not out', () => {
  const box = storage({ 'nearcast.officer.shift': 'x', 'nearcast.officer.help.me': press(), 'nearcast.officer.help.you': RECEIVED, 'other': 'y' });
  wipeAllBut('nearcast.officer.', box);
  expect(Object.keys(box)).toEqual(['nearcast.officer.help.me', 'other']);
});

test('the next person learns that a press is stranded, and finds nothing of what was received, refused, broken or of last week', () => {
  const box = storage({
    'nearcast.officer.help.me': RECEIVED, 'nearcast.officer.help.a': press(), 'nearcast.officer.help.b': RECEIVED, 'nearcast.officer.help.c': REFUSED,
    'nearcast.officer.help.d': '{', 'nearcast.officer.help.e': press({ pressed_ms: NOW - 8 * 24 * 3600_000 }),
  });
  expect(tidyPresses('me', NOW, box).map(({ name }) => name)).toEqual(['nearcast.officer.help.a']);
  expect(Object.keys(box).sort()).toEqual(['nearcast.officer.help.a', 'nearcast.officer.help.me']);
});
