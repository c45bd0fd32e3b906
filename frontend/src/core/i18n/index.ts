/** Words in both languages. The wire carries codes and facts; here are the words: key → [zh-Hans, en]. */
import { prefs } from '../prefs.svelte';

/** [zh-Hans, en]; `{name}` is filled from facts. */
export type Pair = readonly [string, string];
export type Catalogue = Readonly<Record<string, Pair>>;

const known: Record<string, Pair> = {};

/** Learn families of words, as each face's entry says (`all.ts`, the officer's `words.ts`): a phone fetches its own only. */
export function learnWords(...families: readonly Catalogue[]): void {
  Object.assign(known, ...families);
}

function fill(text: string, facts: Record<string, unknown>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = facts[name];
    if (value === undefined || value === null) return '–';
    return Array.isArray(value) ? value.join(', ') : String(value);
  });
}

/** True when there are words for `key`. */
export function has(key: string): boolean {
  return key in known;
}

/** The words for `key` in the reader's language, filled with `facts`. A missing key shows itself, never an empty space. */
export function t(key: string, facts: Record<string, unknown> = {}): string {
  const pair = known[key];
  return pair ? fill(pair[prefs.language === 'zh' ? 0 : 1], facts) : key;
}

/** Words for a code of the wire within a family: `code('unit.state', 'en_route')`. An unknown code is shown as it came. */
export function code(family: string, value: string, facts: Record<string, unknown> = {}): string {
  return has(`${family}.${value}`) ? t(`${family}.${value}`, facts) : value;
}
