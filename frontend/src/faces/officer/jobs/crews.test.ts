import { expect, it } from 'vitest';
import { unit } from '../../../../tests/cards';
import type { Fix } from '../../../core/positions';
import { crewsOn } from './crews';

const fix = (lon: number): Fix => ({ slot: 1, point: [lon, 0], speed_mps: null, heading_deg: null, fix_ms: 5000, inferred: false, voice: false, doubtful: false });
const on = (uid: string, over = {}) => unit({ uid, call_sign: uid, incident: 'i-1', state: 'en_route', ...over });

it('lists the others on the same incident, nearest first, who has no place last', () => {
  const fixes: Record<string, Fix> = { far: fix(0.01), near: fix(0.001) };
  const units = [on('own'), on('far'), on('lost'), on('near'), on('elsewhere', { incident: 'i-2' }), on('home', { on_duty: false })];
  const crews = crewsOn('i-1', 'own', units, (uid) => fixes[uid], [0, 0], 9000);
  expect(crews.map(({ unit: { uid } }) => uid)).toEqual(['near', 'far', 'lost']);
  expect(Math.round(crews[0]!.distance_m!)).toBe(111);
  expect(crews[0]!.placed?.age_s).toBe(4);
  expect(crews[2]).toMatchObject({ placed: null, distance_m: null });
});

it('says no distance while this phone has no place', () => {
  expect(crewsOn('i-1', 'own', [on('near')], () => fix(0), null, 5000)[0]!.distance_m).toBeNull();
});
