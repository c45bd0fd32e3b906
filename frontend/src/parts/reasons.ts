/** Reasons of the packet in words: codes and facts of the wire → one plain reason. */
import type { RefusedUnit, SuggestedUnit } from '../contract/types';
import { code, has, t } from '../core/i18n';
import { age, metres, tail } from '../core/time';
import { inWords, type Store } from '../core/store.svelte';

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

/** Why a unit stands in the list, and how it can be ordered when it is another centre's. */
export function whyWords(line: SuggestedUnit, store: Store): string {
  if (line.order_by === 'own') return code('why', line.reason, { ...line.facts, why_words: code('unavailable', text(line.facts['why'])) });
  return `${code('order_by', line.order_by)} · ${inWords(store.centre(line.centre)?.name)}`;
}

/** Why a unit does not stand in the list. */
export function notWords(line: RefusedUnit): string {
  const { facts } = line;
  const pull = line.reason === 'committed' && facts['can_be_pulled'] === true;
  const key = pull ? 'committed_pull' : line.reason;
  if (!has(`not.${key}`)) return line.reason;
  return t(`not.${key}`, {
    ...facts,
    incident_tail: tail(text(facts['incident'])),
    level_words: facts['level'] ? t(`level.${text(facts['level'])}`) : '–',
    why_words: code('unavailable', text(facts['why'])),
    age: age(Number(facts['age_s'] ?? 0)),
    distance: line.distance_m === null ? '–' : metres(line.distance_m),
  });
}
