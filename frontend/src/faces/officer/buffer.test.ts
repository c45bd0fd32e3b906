import { describe, expect, it } from 'vitest';
import { Clock } from '../../core/clock.svelte';
import { affirmed, FixBuffer, refusalOf, toFix, type PhoneFix } from './buffer';

const at = (second: number): PhoneFix => ({ lon: -71.3, lat: -29.9, fix_at: new Date(Date.UTC(2026, 2, 11, 13, 0, second)).toISOString() });
const position = (change: object = {}) => ({
  timestamp: Date.UTC(2026, 2, 11, 13), coords: { longitude: -71.34, latitude: -29.95, accuracy: 6.24, speed: null, heading: null, ...change },
});

describe('toFix', () => {
  it('leaves out what the phone does not know', () => {
    expect(toFix(position())).toEqual({ lon: -71.34, lat: -29.95, fix_at: '2026-03-11T13:00:00.000Z', accuracy_m: 6.2 });
  });
  it('carries speed and heading, 360 as 0', () => {
    expect(toFix(position({ speed: 13.88, heading: 359.7 }))).toMatchObject({ speed_mps: 13.9, heading_deg: 0 });
  });
  it('drops NaN headings of a standing phone and refuses NaN places', () => {
    expect(toFix(position({ heading: NaN, speed: 0 }))).not.toHaveProperty('heading_deg');
    expect(toFix(position({ latitude: NaN }))).toBeNull();
  });
});

describe('FixBuffer', () => {
  it('keeps fixes until the server has answered, oldest first', () => {
    const buffer = new FixBuffer(100, 2);
    [1, 2, 3].forEach((s) => buffer.add(at(s)));
    const batch = buffer.next();
    expect(batch.map((fix) => fix.fix_at)).toEqual([at(1).fix_at, at(2).fix_at]);
    expect(buffer.size).toBe(3);
    buffer.done(batch);
    expect(buffer.next()).toEqual([at(3)]);
  });
  it('takes a fix that comes while a batch is away', () => {
    const buffer = new FixBuffer();
    buffer.add(at(1));
    const batch = buffer.next();
    buffer.add(at(2));
    buffer.done(batch);
    expect(buffer.next()).toEqual([at(2)]);
  });
  it('ignores the same moment twice and steps back in time', () => {
    const buffer = new FixBuffer();
    expect([at(5), at(5), at(4), at(6)].map((fix) => buffer.add(fix))).toEqual([true, false, false, true]);
  });
  it('stays bounded over a long outage and keeps its beginning and its newest fix', () => {
    const buffer = new FixBuffer(100, 1000);
    for (let s = 0; s < 1000; s += 1) buffer.add(at(s));
    const kept = buffer.next();
    expect(kept.length).toBeLessThanOrEqual(100);
    expect(kept[0]).toEqual(at(0));
    expect(kept[kept.length - 1]).toEqual(at(999));
  });
});

describe('affirmed', () => {
  const last = (over: Partial<PhoneFix> = {}): PhoneFix => ({ lon: -71.34, lat: -29.95, fix_at: '2026-03-11T13:00:00.000Z', ...over });
  const NOW = Date.UTC(2026, 2, 11, 13, 0, 9);
  it('makes a standing phone’s repeated answer true now', () => {
    expect(affirmed(position(), last(), NOW).timestamp).toBe(NOW);
    expect(affirmed(position(), last({ speed_mps: 0.4 }), NOW).timestamp).toBe(NOW);
  });
  it('lets a phone that was moving grow old, and takes a newer answer or another place as it came', () => {
    expect(affirmed(position(), last({ speed_mps: 12 }), NOW)).toEqual(position());
    expect(affirmed(position({ latitude: -29.951 }), last(), NOW).timestamp).toBe(position().timestamp);
    expect(affirmed(position(), null, NOW).timestamp).toBe(position().timestamp);
    expect(affirmed({ ...position(), timestamp: NOW - 1 }, last(), NOW).timestamp).toBe(NOW - 1);
  });
});

describe('what the server says of a batch', () => {
  const lines = (...results: string[]) => ({ results: results.map((result, i) => ({ i, result, reason: result === 'refused' ? 'future' : '' })) });
  it('is a refusal only when it took none of it', () => {
    expect(refusalOf(lines('refused', 'refused'))).toBe('future');
    expect(refusalOf(lines('refused', 'stored'))).toBe('');
    expect(refusalOf(lines('flagged'))).toBe('');
    expect(refusalOf(lines())).toBe('');
  });
  it('is the code of a batch that could not be read, and nothing when there was no answer in words', () => {
    expect(refusalOf({ error: { code: 'bad_input' } })).toBe('bad_input');
    expect(refusalOf(null)).toBe('');
  });
});

describe('a phone with a wrong clock', () => {
  const clock = new Clock();
  const ahead_ms = 5 * 60_000;
  const device_now = Date.now();
  clock.learn(new Date(device_now - ahead_ms).toISOString());
  it('tells its moments in the server’s time', () => {
    expect(clock.correct(device_now - 1500, device_now)).toBeCloseTo(device_now - 1500 - ahead_ms, -2);
  });
  it('leaves a moment alone that the satellites told', () => {
    expect(clock.correct(device_now - ahead_ms - 1500, device_now)).toBe(device_now - ahead_ms - 1500);
  });
  it('changes nothing before it knows the server’s time, or when it is right', () => {
    expect(new Clock().correct(device_now)).toBe(device_now);
    const right = new Clock();
    right.learn(new Date(Date.now() - 300).toISOString());
    expect(right.correct(device_now)).toBe(device_now);
  });
});
