import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../src/core/clock.svelte';

const NOON = Date.UTC(2026, 2, 11, 12);
const iso = (ms: number): string => new Date(ms).toISOString();

describe('the clock of a demo at 20×', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(NOON);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('runs at the server’s rate from the moment the server told', () => {
    const clock = new Clock();
    clock.learn(iso(NOON + 3_600_000), 20);
    expect(clock.read()).toBe(NOON + 3_600_000);
    vi.setSystemTime(NOON + 1000);
    expect(clock.read()).toBe(NOON + 3_620_000);
  });
  it('carries what a device saw over, near or far', () => {
    const clock = new Clock();
    clock.learn(iso(NOON), 20);
    vi.setSystemTime(NOON + 60_000);
    expect(clock.correct(NOON + 59_000)).toBe(NOON + 59_000 * 20);
    expect(clock.correct(NOON + 30_000)).toBe(NOON + 600_000);
  });
  it('takes the least delay of all frames, at any rate', () => {
    const clock = new Clock();
    clock.learn(iso(NOON - 4000), 20);
    clock.learn(iso(NOON - 1000), 20);
    clock.learn(iso(NOON - 4000), 20);
    expect(clock.read() - NOON).toBeGreaterThan(-1100);
  });
  it('follows a beat at once when the server’s clock was set anew, but no old event', () => {
    const clock = new Clock();
    clock.learn(iso(NOON + 10 * 3_600_000), 20);
    clock.learn(iso(NOON));
    expect(clock.read() - NOON).toBeGreaterThan(9 * 3_600_000);
    clock.learn(iso(NOON), 1);
    expect([clock.rate, clock.read()]).toEqual([1, NOON]);
  });
  it('ticks four times a second when it runs fast, else once', () => {
    const clock = new Clock();
    clock.learn(iso(NOON), 20);
    const stop = clock.begin();
    vi.advanceTimersByTime(1250);
    expect(clock.now_ms).toBe(NOON + 25_000);
    stop();
    vi.advanceTimersByTime(5000);
    expect(clock.now_ms).toBe(NOON + 25_000);
  });
});
