/** Commands about what goes between desks, about calls for help, and about callers. */
import { after, type Command } from '../../command/parser';
import * as acts from './acts_between';
import type { Waiting } from './between';
import { bare, distressOf, incidentOf, refuse, unitOf, waitingOf, type Verb } from './command_names';
import type { Desk } from './desk.svelte';
import * as help from './help/acts';
import { takeBack } from './keys_between';
import { centreOf } from './targets';

/** Yes to what waits for this desk, by the word that fits it. */
const yes = (...kinds: Waiting['kind'][]): Verb => (desk, { words }) => {
  const item = waitingOf(desk, kinds, words[0]);
  return item && acts.sayYes(desk, item);
};

function refuseWaiting(desk: Desk, command: Command): Promise<unknown> | boolean {
  const item = waitingOf(desk, ['request', 'order', 'transfer']);
  return item && acts.sayNo(desk, item.kind as 'request' | 'order' | 'transfer', item.uid, command.typed);
}

function lend(desk: Desk, command: Command): Promise<unknown> | boolean {
  const [from, to] = command.words.slice(0, 2).map((code) => centreOf(desk, code));
  const minutes = Number(command.words[2]);
  if (!from || !to) return refuse(desk, 'unknown_unit', { call_sign: command.words[from ? 1 : 0] });
  return Number.isInteger(minutes) && minutes > 0 && acts.grantAid(desk, { from_centre: from.uid, to_centre: to.uid, minutes, reason: after(command, 3), unit: null });
}

export const BETWEEN: Record<string, Verb> = {
  SIGN: yes('order', 'report'),
  DONE: yes('ended'),
  READ: yes('notice'),
  ACCEPT: yes('transfer'),
  GRANT: (desk, { words }) => {
    const item = desk.waiting.find((one) => one.kind === 'request' && bare(one.card.call_sign) === bare(words[0]!));
    return item ? acts.sayYes(desk, item) : refuse(desk, 'nothing_waits');
  },
  REFUSE: refuseWaiting,
  WITHDRAW: (desk, { words }) => {
    const incident = incidentOf(desk, words[0]);
    return incident && (takeBack(desk, incident) || refuse(desk, 'nothing_to_withdraw'));
  },
  TRANSFER: (desk, command) => {
    const incident = incidentOf(desk, undefined);
    const to = centreOf(desk, command.words[0]!);
    if (!to) return refuse(desk, 'unknown_unit', { call_sign: command.words[0] });
    return incident && acts.offer(desk, incident, to, after(command, 1), 'command');
  },
  RETURN: (desk, { typed }) => {
    const incident = incidentOf(desk, undefined);
    return incident && acts.giveBack(desk, incident, typed, 'command');
  },
  REPORT: (desk, command) => {
    const incident = incidentOf(desk, undefined);
    return incident && acts.report(desk, incident, command.words[0]!.toLowerCase(), after(command, 1));
  },
  CALLBACK: (desk, command) => {
    const incident = incidentOf(desk, undefined);
    return incident && acts.callBack(desk, incident, command.words[0]!.toLowerCase(), after(command, 1));
  },
  AID: lend,
  ENDAID: (desk, { words }) => {
    const from = centreOf(desk, words[0]!);
    const aid = [...(desk.store.board?.aid.values() ?? [])].find((one) => one.from_centre === from?.uid);
    return aid ? acts.endAid(desk, aid.uid) : refuse(desk, 'no_aid', { centre: words[0] });
  },
  /** A call for help that came by radio. */
  SOS: (desk, { words }) => {
    const unit = unitOf(desk, words[0]!);
    return unit ? help.raiseByVoice(desk, unit, 'command') : refuse(desk, 'unknown_unit', { call_sign: words[0] });
  },
  ACK: (desk, { words }) => {
    const one = distressOf(desk, words[0]);
    return one ? help.acknowledge(desk, one) : refuse(desk, 'no_distress', { call_sign: words[0] ?? '' });
  },
  END: (desk, { words }) => {
    const one = distressOf(desk, words[0]);
    return one ? help.end(desk, one, words[1]!.toLowerCase()) : refuse(desk, 'no_distress', { call_sign: words[0] });
  },
};
