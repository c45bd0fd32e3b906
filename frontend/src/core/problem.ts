/** A failure as a sentence: what was refused, why, what would work. */
import { ApiProblem, type Facts } from './api';
import { code, has, t } from './i18n';

function listed(family: string, values: unknown): string {
  return Array.isArray(values) ? values.map((value) => code(family, String(value))).join(', ') : '–';
}

/** Add the words for codes that stand inside facts. */
export function factsInWords(facts: Facts): Facts {
  const noun = typeof facts['object'] === 'string' ? facts['object'] : 'order';
  return {
    ...facts,
    state_words: code(`${noun}.state`, String(facts['state'] ?? '–')),
    possible_words: listed('verb', facts['possible']),
    roles_words: listed('role', facts['roles']),
    bad_place_words: code('bad_place', String(facts['why'] ?? 'form')),
    why_words: code('replay_window', String(facts['why'] ?? 'missing')),
    photo_words: t(has(`photo.why.${String(facts['why'])}`) ? `photo.why.${String(facts['why'])}` : 'photo.why.damaged', { said: facts['said'] || '?' }),
    level_words: facts['level'] ? t(`level.${String(facts['level'])}`) : '–',
  };
}

/** The sentence for any failure; something unforeseen is said as such, with its code. */
export function problemWords(failure: unknown): string {
  if (!(failure instanceof ApiProblem)) return t('error.server_failed');
  const key = `error.${failure.code}`;
  return has(key) ? t(key, factsInWords({ ...failure.facts, field: failure.field })) : failure.code;
}
