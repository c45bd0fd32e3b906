import { expect, it } from 'vitest';
import type { Api } from '../../core/api';
import { dayOf, pagePath, peopleIn, readSteps, stepsPath, type Look } from './views';

const look = (n: number, person = 'p1'): Look => ({
  n, first_n: n - 5, first_at: '2026-03-11T10:00:00Z', last_at: '2026-03-11T10:01:00Z', erased: false,
  person: { uid: person, name: { name: person.toUpperCase(), zh: '', en: '' } }, camera_uid: 'c', camera_code: 'CAM-1', photo_uid: null, photo: '', call_sign: '', purpose_uid: 'x',
  purpose_kind: 'incident', purpose_text: '', incident_number: 'S3-260311-0147', shown: 2, refused: 0, failed: 0, granted: 0, originals: 0, trouble: '',
});
const none = { person: '', camera: '', day: '' };

it('counts days in the centre’s zone, not in UTC', () => {
  expect(dayOf('2026-03-11T02:30:00Z', 'America/Santiago')).toBe('2026-03-10');
  expect(dayOf('2026-03-11T02:30:00Z', 'Asia/Shanghai')).toBe('2026-03-11');
});

it('asks the server only for what is filtered, the day too', () => {
  expect(pagePath(none, null)).toBe('/looks?limit=50');
  expect(pagePath({ person: 'p1', camera: ' C&1 ', day: '2026-03-11' }, 40)).toBe('/looks?limit=50&before=40&person=p1&camera=C%261&day=2026-03-11');
});

it('lists each person once', () => {
  expect(peopleIn([look(30, 'p2'), look(20), look(10), { ...look(5), person: null }]).map(({ uid }) => uid)).toEqual(['p2', 'p1']);
});

it('reads the steps of one look and of no other camera', async () => {
  expect(stepsPath(look(30))).toBe('/views?limit=200&before=31&after=24&camera=CAM-1&person=p1&purpose=x');
  const step = (n: number, camera_uid: string) => ({ n, at: null, camera_uid, step: 'shown', outcome: 'ok' });
  const api = { get: () => Promise.resolve({ views: [step(30, 'c'), step(29, 'other')], next: 28 }) } as unknown as Api;
  expect(await readSteps(api, look(30))).toEqual({ steps: [step(30, 'c')], more: true });
});
