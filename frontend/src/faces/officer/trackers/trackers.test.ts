import { expect, test } from 'vitest';
import { shares, type TrackerApp } from './trackers.svelte';

const NOW = Date.parse('2026-03-11T21:04:33Z');
const app = (fix_at: string | null): TrackerApp => ({
  uid: 'u', app: 'traccar', call_sign: 'P-12', made_at: '2026-03-11T20:00:00Z', heard_at: fix_at, fix_at, refused: '', battery_pct: null,
});

test('an app shares while its newest position that counted is fresh', () => {
  expect(shares([], NOW)).toBe(false);
  expect(shares([app(null)], NOW)).toBe(false);
  expect(shares([app('2026-03-11T21:03:30Z')], NOW)).toBe(false);
  expect(shares([app(null), app('2026-03-11T21:03:50Z')], NOW)).toBe(true);
});
