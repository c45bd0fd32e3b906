/** What each command does: the grammar's verbs bound to the desk's acts. */
import type { IncidentCard, UnitCard } from '../../contract/types';
import { parse, plain, type Command } from '../../command/parser';
import { t } from '../../core/i18n';
import { askedAbout } from '../../core/ladder';
import { tail } from '../../core/time';
import * as acts from './acts';
import { askFor, giveBack, offer, sendTo } from './acts_between';
import { centreOf, targetOf } from './targets';
import type { Desk } from './desk.svelte';
import { confirmInferred, denyInferred, discardProposed, sendProposed } from './silence';

function refuse(desk: Desk, code: string, facts: Record<string, unknown> = {}): false {
  desk.refusal = { where: 'command', words: t(`error.${code}`, facts) };
  return false;
}

const bare = (sign: string): string => sign.toUpperCase().replace(/-/g, '');

function unitOf(desk: Desk, sign: string): UnitCard | undefined {
  return desk.store.units().find((unit) => bare(unit.call_sign) === bare(sign));
}

/** The incident that a number's end names, or the chosen one when nothing is named. */
function incidentOf(desk: Desk, number: string | null): IncidentCard | false {
  if (!number) return desk.incident ?? refuse(desk, 'no_incident');
  const fits = desk.queue.map(({ incident }) => incident).filter((one) => one.number.endsWith(number) || Number(tail(one.number)) === Number(number));
  if (fits.length > 1) return refuse(desk, 'many_incidents', { number });
  return fits[0] ?? refuse(desk, 'unknown_incident', { number });
}

/** FIND: the first incident or unit whose number, kind, place or call sign holds the text. */
function find(desk: Desk, text: string): boolean {
  const sought = plain(text).toLowerCase();
  const hit = desk.queue.find(({ incident }) => [incident.number, incident.place, desk.kindName(incident), incident.remark ?? ''].some((part) => part.toLowerCase().includes(sought)));
  if (hit) {
    desk.choose(hit.incident.uid);
    return true;
  }
  const unit = desk.store.units().find((one) => bare(one.call_sign).includes(bare(sought)));
  if (!unit) {
    desk.refusal = { where: 'command', words: t('find.none', { text }) };
    return false;
  }
  desk.found = unit.uid;
  return true;
}

/** IS and ISNT: the newest order of a unit of which its fixes say something. */
async function onFixes(desk: Desk, command: { verb: 'IS' | 'ISNT'; unit: string }): Promise<boolean> {
  const orders = [...(desk.store.board?.order.values() ?? [])].filter((order) => order.active && bare(order.target_name) === bare(command.unit));
  const order = askedAbout(orders);
  if (!order || (command.verb === 'IS' && !order.inferred)) return refuse(desk, 'nothing_inferred', { call_sign: command.unit });
  await (command.verb === 'IS' ? confirmInferred : denyInferred)(desk, order, 'command');
  return desk.refusal === null;
}

async function perform(desk: Desk, command: Command): Promise<boolean> {
  if (command.verb === 'FIND') return find(desk, command.text);
  if (command.verb === 'IS' || command.verb === 'ISNT') return onFixes(desk, command);
  const incident = incidentOf(desk, 'incident' in command ? command.incident : null);
  if (!incident) return false;
  switch (command.verb) {
    case 'D': {
      const unit = unitOf(desk, command.unit);
      const other = unit ? null : targetOf(desk, command.unit);
      if (unit) await acts.sendUnit(desk, incident, unit, null, 'command');
      else if (other) await sendTo(desk, incident, other, 'command');
      else return refuse(desk, 'unknown_unit', { call_sign: command.unit });
      break;
    }
    case 'ASK': {
      const unit = unitOf(desk, command.unit);
      if (!unit) return refuse(desk, 'unknown_unit', { call_sign: command.unit });
      await askFor(desk, incident, { unit: unit.uid, call_sign: unit.call_sign }, 'command');
      break;
    }
    case 'TRANSFER': {
      const to = centreOf(desk, command.centre);
      if (!to) return refuse(desk, 'unknown_unit', { call_sign: command.centre });
      await offer(desk, incident, to, command.reason, 'command');
      break;
    }
    case 'RETURN':
      await giveBack(desk, incident, command.reason, 'command');
      break;
    case 'NEXT':
    case 'NONEXT': {
      const proposed = desk.store.proposalsOf(incident.uid).pop();
      if (!proposed) return refuse(desk, 'nothing_proposed');
      await (command.verb === 'NEXT' ? sendProposed : discardProposed)(desk, proposed, 'command');
      break;
    }
    case 'NOTE':
      await acts.note(desk, incident, command.text, 'command');
      break;
    case 'TAKE':
      await acts.take(desk, incident, 'command');
      break;
    case 'HOLD':
      await acts.hold(desk, incident, command.minutes, command.reason, 'command');
      break;
    case 'CLOSE':
      await acts.close(desk, incident, command.reason, 'command');
  }
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
