/** Codes and facts of marks in words. */
import type { Words } from '../../contract/types';
import { code, t } from '../../core/i18n';
import { inWords } from '../../core/store.svelte';
import { tail } from '../../core/time';
import type { Mark } from './marks';

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

export function markWords(mark: Mark): string {
  const { facts } = mark;
  const said = t(mark.code, {
    ...facts,
    name: inWords(facts['name'] as Words | undefined),
    reason_words: text(facts['text']) || code('refuse', text(facts['reason'])),
    disposition_words: code('disposition', text(facts['disposition'])),
    stage_words: code('stage', text(facts['stage'])),
    state_words: code('request.state', text(facts['state'])),
  });
  return (mark.number ? `${tail(mark.number)} ` : '') + said.replace(/[:：]?\s*$/, '');
}
