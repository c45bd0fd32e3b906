import { describe, expect, it } from 'vitest';
import { distanceM, pointAt, sectorRing } from '../src/core/geo';
import { ageFromByte, decodePositions, Positions } from '../src/core/positions';
import { age, metres, tail, timer, zoneOffset } from '../src/core/time';
import { uuid7 } from '../src/core/uuid7';
import { unit } from './cards';

/** One frame as realtime/protocol.py lays it out: header 8 bytes, records of 16, little-endian. */
function frame(base_s: number, records: { slot: number; lon: number; lat: number; speed?: number; heading?: number; flags?: number; age?: number }[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(8 + records.length * 16));
  view.setUint8(0, 1);
  view.setUint8(1, 1);
  view.setUint16(2, records.length, true);
  view.setUint32(4, base_s, true);
  records.forEach((one, i) => {
    const at = 8 + i * 16;
    view.setUint32(at, one.slot, true);
    view.setInt32(at + 4, Math.round(one.lon * 1e7), true);
    view.setInt32(at + 8, Math.round(one.lat * 1e7), true);
    [one.speed ?? 255, one.heading ?? 255, one.flags ?? 0, one.age ?? 0].forEach((byte, j) => view.setUint8(at + 12 + j, byte));
  });
  return view.buffer;
}

describe('positions', () => {
  it('decode degrees, speed, heading, flags and age', () => {
    const { moved } = decodePositions(frame(1000, [{ slot: 7, lon: -71.25, lat: -29.9, speed: 20, heading: 125, flags: 8 | 1, age: 6 }]));
    expect(moved).toEqual([{ slot: 7, point: [-71.25, -29.9], speed_mps: 10, heading_deg: 180, fix_ms: 997_000, inferred: true, voice: false, doubtful: true }]);
  });

  it('read ages in half seconds, then minutes, then "very old"', () => {
    expect([ageFromByte(0), ageFromByte(100), ageFromByte(101), ageFromByte(254), ageFromByte(255)]).toEqual([0, 50, 60, 9240, 9300]);
  });

  it('refuse a cut frame', () => {
    expect(() => decodePositions(frame(1, [{ slot: 1, lon: 0, lat: 0 }]).slice(0, 20))).toThrow('cut');
  });

  it('never let an older fix replace a newer one, and drop tombstones', () => {
    const positions = new Positions();
    positions.takeSlots([{ slot: 1, unit: unit() }], [], true);
    positions.takeFrame(decodePositions(frame(1000, [{ slot: 1, lon: 1, lat: 1 }])));
    positions.takeFrame(decodePositions(frame(990, [{ slot: 1, lon: 2, lat: 2 }])));
    expect(positions.of('u-1')?.point).toEqual([1, 1]);
    positions.takeFrame(decodePositions(frame(1001, [{ slot: 1, lon: 0, lat: 0, flags: 4 }])));
    expect(positions.of('u-1')).toBeUndefined();
  });

  it('void everything at a keyframe', () => {
    const positions = new Positions();
    positions.takeSlots([{ slot: 1, unit: unit() }], [], true);
    positions.takeSlots([{ slot: 2, unit: unit({ uid: 'u-2' }) }], [], true);
    expect(positions.groundUnits().map((one) => one.uid)).toEqual(['u-2']);
  });
});

describe('geo', () => {
  it('measures a degree of latitude, and across the antimeridian', () => {
    expect(distanceM([0, 60], [0, 61])).toBeCloseTo(111_195, -2);
    expect(distanceM([179.9995, 0], [-179.9995, 0])).toBeCloseTo(111.2, 0);
  });

  it('goes a distance under a bearing, also at 60° N', () => {
    const there = pointAt([10, 60], 90, 1000);
    expect(distanceM([10, 60], there)).toBeCloseTo(1000, 1);
    expect(there[0]).toBeGreaterThan(10);
  });

  it('closes a sector at its apex', () => {
    const ring = sectorRing([0, 0], 0, 60, 100);
    expect(ring[0]).toEqual([0, 0]);
    expect(ring[ring.length - 1]).toEqual([0, 0]);
    expect(distanceM([0, 0], ring[3]!)).toBeCloseTo(100, 1);
  });
});

describe('times and lengths', () => {
  it('are written as the look says', () => {
    expect([timer(9), timer(599), timer(4220), timer(-3)]).toEqual(['0:09', '9:59', '1:10:20', '0:00']);
    expect([age(48.9), age(72), metres(420), metres(994.6), metres(1449)]).toEqual(['48 s', '1:12', '420 m', '995 m', '1.4 km']);
    expect(tail('S3-260311-0147')).toBe('0147');
  });

  it('say the zone of now', () => {
    expect(zoneOffset(Date.parse('2026-07-01T00:00:00Z'), 'Asia/Shanghai')).toBe('+08');
    expect(zoneOffset(Date.parse('2026-07-01T00:00:00Z'), 'Asia/Kolkata')).toBe('+05:30');
    expect(zoneOffset(Date.parse('2026-07-01T00:00:00Z'), 'America/Santiago')).toBe('−04');
  });
});

describe('uuid7', () => {
  it('carries the time, the version and the variant, and never repeats', () => {
    const made = uuid7(0x0190_1234_5678);
    expect(made).toMatch(/^01901234-5678-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(Array.from({ length: 1000 }, () => uuid7())).size).toBe(1000);
  });
});
