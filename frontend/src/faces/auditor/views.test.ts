import { describe, expect, it } from 'vitest';
import type { Api } from '../../core/api';
import { dayOf, pagePath, peopleIn, readViews, type LookLine } from './views';

const line = (n: number, at: string, person = 'p1'): LookLine => ({
  n, at, erased: [], camera_uid: 'c', camera_code: 'CAM-1', purpose_uid: 'x', purpose_kind: 'incident', purpose_text: '', incident_number: 'S3-260311-0147',
  person_uid: person, person_name: person.toUpperCase(), step: 'shown', outcome: 'ok',
});
const none = { person: '', camera: '', day: '' };

it('counts days in the centre’s zone, not in UTC', () => {
  expect(dayOf('2026-03-11T02:30:00Z', 'America/Santiago')).toBe('2026-03-10');
  expect(dayOf('2026-03-11T02:30:00Z', 'Asia/Shanghai')).toBe('2026-03-11');
});

it('asks only for what is filtered', () => {
  expect(pagePath(none, null)).toBe('/views?limit=50');
  expect(pagePath({ person: 'p1', camera: ' C&1 ', day: '' }, 40)).toBe('/views?limit=50&before=40&person=p1&camera=C%261');
});

it('lists each person once', () => {
  expect(peopleIn([line(3, '2026-03-11T10:00:00Z', 'p2'), line(2, '2026-03-11T09:00:00Z'), line(1, '2026-03-11T08:00:00Z')])).toEqual([
    { uid: 'p1', name: 'P1' }, { uid: 'p2', name: 'P2' },
  ]);
});

describe('a day', () => {
  const pages: Record<string, { views: LookLine[]; next: number | null }> = {
    '': { views: [line(9, '2026-03-12T10:00:00Z'), line(8, '2026-03-11T22:00:00Z')], next: 8 },
    '8': { views: [line(7, '2026-03-11T08:00:00Z'), line(6, '2026-03-10T23:00:00Z')], next: 6 },
    '6': { views: [line(5, '2026-03-10T22:00:00Z')], next: null },
  };
  const asked: string[] = [];
  const api = {
    get: (path: string) => {
      const before = new URLSearchParams(path.split('?')[1]).get('before') ?? '';
      asked.push(before);
      return Promise.resolve(pages[before]);
    },
  } as unknown as Api;

  it('is read over pages and no further than its beginning', async () => {
    const page = await readViews(api, { ...none, day: '2026-03-11' }, null, 'UTC');
    expect(page.views.map((one) => one.n)).toEqual([8, 7]);
    expect(page.next).toBeNull();
    expect(asked).toEqual(['', '8']);
  });
});
