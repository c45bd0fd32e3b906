import { expect, it, vi } from 'vitest';
import { ApiProblem } from '../../core/api';
import type { Waiting } from '../../core/outbox';
import { WORDS } from '../../core/i18n/all';
import { Fates, orderOf, whyOf, type Ending } from './fates.svelte';
import { isBehind } from './flow';

const ending = (over: Partial<Ending> = {}): Ending => ({ uid: 'o1', state: 'recalled', ended: true, at: null, how: 'desk', desk: { name: '', zh: '', en: '' }, instead: '', closed: false, ...over });

it('has a sentence for what happened and one for what now, for every ending', () => {
  const endings = [
    ending(), ending({ state: 'replaced' }), ending({ state: 'timed_out' }), ending({ state: 'timed_out', closed: true }), ending({ state: 'cleared', how: 'voice' }),
    ending({ state: 'cleared', how: 'app' }), ending({ state: 'refused', how: 'app' }), ending({ state: 'sent', ended: false }),
  ];
  expect(endings.map(whyOf)).toEqual(['recalled', 'replaced', 'timed_out', 'closed', 'cleared_voice', 'cleared', 'refused', 'withdrawn']);
  const missing = endings.map(whyOf).filter((why) => !WORDS[`officer.ended.${why}`] || !WORDS[`officer.now.${why}`]);
  expect(missing).toEqual([]);
});

it('asks about each order once, of which an answer came late, and again after no answer', async () => {
  const item = (problem: string, uid: string) => ({ path: `/orders/${uid}/accept`, state: 'refused', problem }) as Waiting;
  const get = vi.fn((path: string) => (path.includes('o2') ? Promise.reject(new ApiProblem('no_answer')) : Promise.resolve(ending())));
  const fates = new Fates({ get } as never);
  fates.follow([item('not_found', 'o1'), item('wrong_state', 'o1'), item('bad_input', 'o3'), item('not_found', 'o2')]);
  await Promise.resolve();
  await Promise.resolve();
  fates.follow([item('not_found', 'o1'), item('not_found', 'o2')]);
  expect(get.mock.calls.map(([path]) => path)).toEqual(['/orders/o1/ending', '/orders/o2/ending', '/orders/o2/ending']);
  expect(whyOf(fates.known.get('o1')!)).toBe('recalled');
  expect(orderOf({ path: '/units/u1/distress' })).toBe('');
});

it('knows an answer that the desk had entered before', () => {
  expect([isBehind('accept', 'en_route'), isBehind('accept', 'accepted'), isBehind('on_scene', 'accepted'), isBehind('note', 'seen')]).toEqual([true, true, false, false]);
});
