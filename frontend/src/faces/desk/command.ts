/** The command line: a line is read, its verb is looked up, and a refusal is said where it was typed. */
import { GRAMMAR, parse, type Command } from '../../command/parser';
import { t } from '../../core/i18n';
import { BETWEEN } from './command_between';
import { INCIDENTS } from './command_incidents';
import { refuse, type Verb } from './command_names';
import { ORDERS } from './command_orders';
import type { Desk } from './desk.svelte';

/** Every verb of the grammar, bound to the desk's acts. */
export const VERBS: Readonly<Record<string, Verb>> = { ...ORDERS, ...INCIDENTS, ...BETWEEN };

async function perform(desk: Desk, command: Command): Promise<boolean> {
  const form = GRAMMAR.find((one) => one.verb === command.verb)!;
  const why = form.may ? desk.whyNot(form.may) : '';
  if (why) desk.refusal = { where: 'command', words: why };
  else if ((await VERBS[command.verb]!(desk, command)) === false && !desk.refusal) desk.refusal = { where: 'command', words: t('error.command_short', { form: form.form }) };
  if (desk.refusal) desk.refusal = { ...desk.refusal, where: 'command' };
  return desk.refusal === null;
}

/** Run a typed line; true when it was done and the line can go. */
export async function runLine(desk: Desk, line: string): Promise<boolean> {
  desk.refusal = null;
  const read = parse(line);
  if (!read) return false;
  if ('mistake' in read) return refuse(desk, read.mistake, read.facts);
  return perform(desk, read);
}
