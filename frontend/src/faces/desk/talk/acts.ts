/** Sending messages from the desk: one act for panel and command line. */
import { t } from '../../../core/i18n';
import { plain } from '../../../command/parser';
import { decide, run } from '../acts';
import { incidentsBy, unitOf } from '../command_names';
import type { Desk, Refusal } from '../desk.svelte';

/** Exactly one of the three. */
export type Addressed = { units: string[] } | { centre: string } | { incident: string };

/** Send; returns whether it went. `name` is how the command line calls the addressee. */
export async function sendMessage(desk: Desk, to: Addressed, name: string, words: { text: string } | { canned: string }, where: Refusal['where'] = 'panel'): Promise<boolean> {
  const said = 'text' in words ? words.text : words.canned;
  const act = { key: '', command: `MSG ${name} ${said}`, where, outcome: 'sent' as const };
  return (await run(desk, act, () => decide(desk, '/messages', { ...to, ...words }, true))) !== undefined;
}

/** Who a word of the command line names: ALL, call signs with commas, or the end of an incident's number. */
export function addressedBy(desk: Desk, word: string): Addressed | null {
  const name = plain(word).toUpperCase();
  const { home } = desk.store.board?.me ?? {};
  if (name === 'ALL' && home) return { centre: home };
  const units = name.split(/[,，]/).map((sign) => unitOf(desk, sign));
  if (units.every((unit) => unit !== undefined)) return { units: units.map((unit) => unit!.uid) };
  const fits = incidentsBy(desk, name);
  return fits.length === 1 ? { incident: fits[0]!.uid } : null;
}

/** `MSG P-12 words`: true when it was sent. */
export async function runMessage(desk: Desk, to: string, text: string): Promise<boolean> {
  const addressed = addressedBy(desk, to);
  if (addressed) return sendMessage(desk, addressed, to, { text }, 'command');
  desk.refusal = { where: 'command', words: t('error.unknown_unit', { call_sign: to }) };
  return false;
}
