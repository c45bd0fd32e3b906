/** Commands about orders and units. */
import { after } from '../../command/parser';
import * as acts from './acts';
import { askFor, sendTo } from './acts_between';
import { incidentOf, orderOf, refuse, unitOf, type Verb } from './command_names';
import { confirmInferred, denyInferred, discardProposed, sendProposed } from './silence';
import { runMessage } from './talk/acts';
import { targetOf } from './targets';

const STEP: Record<string, string> = { ACCEPT: 'accept', CANNOT: 'refuse', LEAVE: 'leave', ARRIVE: 'arrive', CLEAR: 'clear' };

export const ORDERS: Record<string, Verb> = {
  D: (desk, { words }) => {
    const incident = incidentOf(desk, words[1]);
    if (!incident) return false;
    const unit = unitOf(desk, words[0]!);
    if (unit) return acts.sendUnit(desk, incident, unit, null, 'command');
    const other = targetOf(desk, words[0]!);
    return other ? sendTo(desk, incident, other, 'command') : refuse(desk, 'unknown_unit', { call_sign: words[0] });
  },
  /** The third word is the disposition of a clearing, or the reason of a cannot. */
  ST: (desk, command) => {
    const order = orderOf(desk, command.words[0]!);
    return order && acts.voice(desk, order, STEP[command.words[1]!]!, command.words[2]?.toLowerCase() ?? '', after(command, 3));
  },
  RECALL: (desk, { words }) => {
    const order = orderOf(desk, words[0]!);
    return order && acts.recall(desk, order);
  },
  NEXT: (desk, { words }) => {
    const incident = incidentOf(desk, words[0]);
    const proposed = incident && desk.store.proposalsOf(incident.uid).pop();
    return proposed ? sendProposed(desk, proposed, 'command') : incident && refuse(desk, 'nothing_proposed');
  },
  NONEXT: (desk, { words }) => {
    const incident = incidentOf(desk, words[0]);
    const proposed = incident && desk.store.proposalsOf(incident.uid).pop();
    return proposed ? discardProposed(desk, proposed, 'command') : incident && refuse(desk, 'nothing_proposed');
  },
  IS: (desk, { words }) => {
    const order = orderOf(desk, words[0]!, (one) => one.inferred !== null);
    return order ? confirmInferred(desk, order, 'command', words[1]?.toLowerCase() ?? '') : refuse(desk, 'nothing_inferred', { call_sign: words[0] });
  },
  ISNT: (desk, { words }) => {
    const order = orderOf(desk, words[0]!, (one) => one.inferred !== null || one.doubt !== null);
    return order ? denyInferred(desk, order, 'command') : refuse(desk, 'nothing_inferred', { call_sign: words[0] });
  },
  ASK: (desk, { words }) => {
    const incident = incidentOf(desk, words[1]);
    const unit = unitOf(desk, words[0]!);
    if (!unit) return refuse(desk, 'unknown_unit', { call_sign: words[0] });
    return incident && askFor(desk, incident, { unit: unit.uid, call_sign: unit.call_sign }, 'command');
  },
  MSG: (desk, command) => runMessage(desk, command.words[0]!, after(command, 1)),
};
