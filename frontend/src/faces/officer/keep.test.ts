import { expect, it } from 'vitest';
import { fromBoard } from '../../core/board';
import type { Board, OrderCard } from '../../contract/types';
import { keptPart, withoutNumbers } from './keep';

const board = {
  epoch: 1, n: 7, at: '2026-03-11T13:00:00Z', kinds: [], thresholds: {}, me: { unit: 'u1', home: 'c1', person: { uid: 'p1' } },
  centres: [{ uid: 'c1', timezone: 'America/Santiago' }, { uid: 'c2' }], units: [{ uid: 'u1' }, { uid: 'u2' }], posts: [{ uid: 'k1' }], requests: [], suggestions: [],
  calls: [{ uid: 'call', incident: 'i1', caller_number: '13800138000', remark: '' }],
  incidents: [
    { uid: 'i1', remark: 'ring +86 138-0013-8000 at the door', hazards: 'knife', place: 'Av. del Mar 1500', watchers: [{ uid: 'w' }], owner: { uid: 'd' } },
    { uid: 'i2', remark: '', hazards: '', place: '', watchers: [], owner: null },
  ],
  orders: [{ uid: 'o1', incident: 'i1', unit: 'u1', active: true }, { uid: 'o2', incident: 'i1', unit: 'u2', active: true }, { uid: 'o3', incident: 'i2', unit: 'u1', active: false }],
  notes: [{ uid: 'n1', incident: 'i1', text: '来电人 13800138000 在门口' }, { uid: 'n2', incident: 'i2', text: '' }],
} as unknown as Board;

it('keeps the order under way with its incident, notes and who else goes, and nothing more', () => {
  const kept = keptPart(fromBoard(board), (order: OrderCard) => order.active);
  expect(kept.orders.map((order) => order.uid)).toEqual(['o1', 'o2']);
  expect([kept.incidents, kept.notes, kept.units, kept.centres].map((cards) => cards.map((card) => card.uid))).toEqual([['i1'], ['n1'], ['u1'], ['c1']]);
  expect([kept.calls, kept.posts]).toEqual([[], []]);
  expect(JSON.stringify(kept)).not.toMatch(/138[\s-]?0013/);
  expect(kept.incidents[0]!.hazards).toBe('knife');
});

it('keeps nothing of an order whose end was pressed', () => {
  const kept = keptPart(fromBoard(board), () => false);
  expect([kept.orders, kept.incidents, kept.notes]).toEqual([[], [], []]);
});

it('takes out what could be dialled and leaves houses, times, plates and case numbers', () => {
  expect(withoutNumbers('13800138000; (051) 234 5678; +56 9 1234 5678.')).toBe('•••; •••; •••.');
  const harmless = 'House 1204, floor 12, 21:04:22, 2026-03-11, ABC-1234567, S3-260311-0147, 400000 pesos';
  expect(withoutNumbers(harmless)).toBe(harmless);
});
