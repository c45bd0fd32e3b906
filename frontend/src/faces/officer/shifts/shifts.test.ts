import { afterEach, expect, it } from 'vitest';
import { forgetLog } from './forget';
import { keepLog, lineAbout, lineWords, readLog, type ShiftLine, type ShiftLog } from './shifts';

const line = (kind: string, facts = {}, over = {}): ShiftLine => ({ n: 1, at: '2026-03-11T21:04:00Z', kind, facts, incident_number: '', incident_kind: '', place: '', ...over });
const log: ShiftLog = { shift: { at: 'x', ends_at: null, unit: 'u', call_sign: 'P-1', vehicle: '', equipment: [], crew: [] }, lines: [], cut: false };
afterEach(forgetLog);

it('puts a line and its codes into words, never the bare code', () => {
  const words = lineWords(line('order.cleared', { disposition: 'no_trace', state: 'cleared' }));
  expect(words).not.toContain('no_trace');
  expect(words.split(' · ')).toHaveLength(2);
  expect(lineAbout(line('order.sent', {}, { incident_number: 'S3-260311-0147', place: 'Bridge' }))).toBe('0147 Bridge');
});

it('keeps one person’s log and wipes it for anybody else', () => {
  keepLog('a', log, 5);
  expect(readLog('a')?.kept_ms).toBe(5);
  expect(readLog('b')).toBeNull();
  expect(readLog('a')).toBeNull();
});
