import { expect, it } from 'vitest';
import { ApiProblem } from '../src/core/api';
import { isFinal, nextLookMs } from '../src/faces/desk/card/still.svelte';

it('does not ask again after a refusal that time does not heal', () => {
  const failed = (code: string, status: number): boolean => isFinal(new ApiProblem(code, {}, null, status));
  expect([failed('no_auditor', 403), failed('no_consent', 403), failed('not_found', 404), failed('camera_blocked', 502)]).toEqual([true, true, true, true]);
  expect([failed('camera_offline', 502), failed('grant_expired', 410), failed('too_fast', 429), isFinal(new Error('x'))]).toEqual([false, false, false, false]);
});

it('asks ever more rarely while a camera does not answer', () => {
  expect([0, 1, 2, 3, 4, 9].map(nextLookMs)).toEqual([8000, 16_000, 32_000, 64_000, 120_000, 120_000]);
});
