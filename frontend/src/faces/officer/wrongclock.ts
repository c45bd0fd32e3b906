/** A phone whose clock is wrong by a day: how wrong is remembered, so that what it does without a network after a reload is told right. */
import { clock } from '../../core/clock.svelte';

const KEY = 'nearcast.clock';

/** Before anything is stamped: what the last page learned. Not in a demo that runs faster than time. */
export function recallClock(rate: number): void {
  const kept = Number(localStorage.getItem(KEY) ?? NaN);
  if (rate === 1) clock.guess(kept);
}

/** Keep what the server's own word says; nothing is kept of a guess. */
export function rememberClock(): void {
  const learned_ms = clock.learned_ms;
  if (learned_ms === null || clock.rate !== 1) return;
  try {
    localStorage.setItem(KEY, String(Math.round(learned_ms)));
  } catch {
    // A full storage costs the memory only.
  }
}
