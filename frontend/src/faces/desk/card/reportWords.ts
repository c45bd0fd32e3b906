/** A report's lines in words: codes and facts of the wire → one sentence each. */
import type { ReportLine } from '../../../contract/types';
import { code, has, t } from '../../../core/i18n';
import { prefs } from '../../../core/prefs.svelte';
import { inWords, type Store } from '../../../core/store.svelte';

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

/** One line of a report. A code without words shows itself. */
export function reportWords(line: ReportLine, store: Store): string {
  const { facts } = line;
  const key = `report.line.${line.code}`;
  if (!has(key)) return line.code;
  const kind = facts['kind'] ? store.kind(text(facts['kind'])) : undefined;
  const changed = Array.isArray(facts['changed']) ? facts['changed'].map((what) => code('report.changed', text(what))) : [];
  return t(key, {
    ...facts,
    disposition_text: text(facts['disposition_text']),
    kind_words: kind ? inWords(kind.name) : text(facts['kind']),
    level_words: facts['level'] ? t(`level.${text(facts['level'])}`) : '–',
    channel_words: code('channel', text(facts['channel'])),
    what_words: changed.join(prefs.language === 'zh' ? '、' : ', '),
    centre_words: inWords(store.centre(text(facts['centre']))?.name) || t('centre.other'),
    voice_words: facts['voice'] === true ? t('timeline.by_voice') : '',
    refuse_words: [code('refuse', text(facts['refuse_reason'])), text(facts['refuse_text'])].filter(Boolean).join(' '),
    disposition_words: code('disposition', text(facts['disposition'])),
    state_words: code('request.state', text(facts['state'])),
    stage_words: code('stage', text(facts['stage'])),
    result_words: code('callback', text(facts['stage'])),
  }).trim();
}
