/** One catalogue for both languages. The wire carries codes and facts; here are the words: key → [zh-Hans, en]. */
import { prefs } from '../prefs.svelte';
import { desk } from './desk';
import { evidence } from './evidence';
import { errors } from './errors';
import { events } from './events';
import { reasons } from './reasons';
import { states } from './states';
import { things } from './things';
import { verbs } from './verbs';
import { officer } from './officer';
import { field } from './field';
import { phone } from './phone';
import { auditor } from './auditor';
import { between } from './between';
import { replay } from './replay';
import { help } from './help';
import { ladder } from './ladder';
import { reach } from './reach';
import { trackers } from './trackers';
import { closed } from './closed';

/** [zh-Hans, en]; `{name}` is filled from facts. */
export type Pair = readonly [string, string];
export type Catalogue = Readonly<Record<string, Pair>>;

// One family a line: who adds one touches no other.
export const WORDS: Catalogue = {
  ...errors, ...states, ...things, ...reasons, ...verbs, ...events, ...desk, ...officer, ...auditor, ...replay,
  ...evidence,
  ...field,
  ...help,
  ...phone,
  ...between,
  ...ladder,
  ...reach,
  ...trackers,
  ...closed,
};

function fill(text: string, facts: Record<string, unknown>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = facts[name];
    if (value === undefined || value === null) return '–';
    return Array.isArray(value) ? value.join(', ') : String(value);
  });
}

/** True when the catalogue has words for `key`. */
export function has(key: string): boolean {
  return key in WORDS;
}

/** The words for `key` in the reader's language, filled with `facts`. A missing key shows itself, never an empty space. */
export function t(key: string, facts: Record<string, unknown> = {}): string {
  const pair = WORDS[key];
  return pair ? fill(pair[prefs.language === 'zh' ? 0 : 1], facts) : key;
}

/** Words for a code of the wire within a family: `code('unit.state', 'en_route')`. An unknown code is shown as it came. */
export function code(family: string, value: string, facts: Record<string, unknown> = {}): string {
  return has(`${family}.${value}`) ? t(`${family}.${value}`, facts) : value;
}
