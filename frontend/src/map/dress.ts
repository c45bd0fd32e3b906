/** The tokens that layers need, read from the page once per theme. */
import { token } from './images';

export interface Dress {
  ink1: string;
  ink2: string;
  ink3: string;
  halo: string;
  go: string;
  warn: string;
  blind: string;
  sightFill: string;
  sightLine: string;
  sightDim: string;
}

export function readDress(): Dress {
  return {
    ink1: token('--ink-1'), ink2: token('--ink-2'), ink3: token('--ink-3'), halo: token('--map-halo'), go: token('--go'),
    warn: token('--warn-ink'), blind: token('--blind-ink'), sightFill: token('--sight-fill'), sightLine: token('--sight-line'),
    sightDim: token('--sight-dim'),
  };
}
