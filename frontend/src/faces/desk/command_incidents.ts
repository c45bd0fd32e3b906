/** Commands about incidents and calls. */
import { after, plain } from '../../command/parser';
import * as acts from './acts';
import { bare, distressOf, incidentOf, refuse, unitOf, type Verb } from './command_names';
import { closedBy, readClosed, reopen } from './closed/acts';
import type { Desk } from './desk.svelte';
import * as help from './help/acts';
import { openPanel } from './keys';
import { joinable } from './rows';

/** FIND: the first incident or unit whose number, kind, place or call sign holds the text. */
function find(desk: Desk, text: string): boolean {
  const sought = plain(text).toLowerCase();
  const hit = desk.queue.find(({ incident }) => [incident.number, incident.place, desk.kindName(incident), incident.remark ?? ''].some((part) => part.toLowerCase().includes(sought)));
  if (hit) {
    desk.choose(hit.incident.uid);
    return true;
  }
  const unit = desk.store.units().find((one) => bare(one.call_sign).includes(bare(sought)));
  if (!unit) return refuse(desk, 'found_none', { text });
  desk.found = unit.uid;
  return true;
}

type OnIncident = (desk: Desk, incident: NonNullable<Desk['incident']>) => Promise<unknown>;
/** A verb about the incident that is named, or the chosen one. */
const about = (act: OnIncident): Verb => (desk, { words }) => {
  const incident = incidentOf(desk, words[0]);
  return incident && act(desk, incident);
};
/** A verb with words about the chosen incident. */
const saying = (act: (desk: Desk, incident: NonNullable<Desk['incident']>, text: string) => Promise<unknown>): Verb => (desk, { typed }) => {
  const incident = incidentOf(desk, undefined);
  return incident && act(desk, incident, typed);
};

export const INCIDENTS: Record<string, Verb> = {
  NOTE: saying((desk, incident, text) => acts.note(desk, incident, text, 'command')),
  CLOSE: saying((desk, incident, text) => acts.close(desk, incident, text, 'command')),
  TAKE: about((desk, incident) => acts.take(desk, incident, 'command')),
  YIELD: about(acts.yieldIt),
  WATCH: about((desk, incident) => acts.watch(desk, incident, true)),
  UNWATCH: about((desk, incident) => acts.watch(desk, incident, false)),
  RESUME: about(acts.resume),
  HOLD: (desk, command) => {
    const minutes = Number(command.words[0]);
    const incident = incidentOf(desk, undefined);
    return incident && Number.isInteger(minutes) && minutes > 0 && acts.hold(desk, incident, minutes, after(command, 1), 'command');
  },
  FEEDBACK: (desk, command) => {
    const incident = incidentOf(desk, undefined);
    return incident && acts.feedback(desk, incident, after(command, 1), command.words[0]!.toLowerCase());
  },
  FIND: (desk, { typed }) => find(desk, typed),
  CLOSED: (desk, { words }) => (openPanel(desk, 'incident.call_back', { kind: 'closed', number: words[0] ?? '' }), true),
  REOPEN: async (desk, command) => {
    const one = closedBy(await readClosed(desk), command.words[0]!);
    return one ? reopen(desk, one, after(command, 1)) : refuse(desk, 'unknown_closed', { number: command.words[0] });
  },
  CALL: (desk) => (openPanel(desk, 'call.take', { kind: 'call', point: null }), true),
  JOIN: (desk, { words }) => {
    const incident = incidentOf(desk, words[0]);
    const near = incident && joinable(incident, desk.store.board?.call.values() ?? [])[0];
    return near ? acts.join(desk, near.call, incident) : incident && refuse(desk, 'no_call_near');
  },
  ENDCALL: (desk, { words }) => (desk.openCalls.length === 1 ? acts.endCall(desk, desk.openCalls[0]!, words[0]!.toLowerCase()) : refuse(desk, 'which_call', { n: desk.openCalls.length })),
  /** Alone it opens the form at the map's middle; with a call sign, the incident of that unit's call for help. */
  OPEN: (desk, { words }) => {
    const distress = words[0] ? distressOf(desk, words[0]) : undefined;
    if (distress) return distress.incident ? (desk.choose(distress.incident), true) : help.openIncident(desk, distress);
    if (words[0] && unitOf(desk, words[0])) return refuse(desk, 'no_distress', { call_sign: words[0] });
    const point = desk.mapCentre();
    if (point) openPanel(desk, 'incident.open', { kind: 'open', point, call: null });
    return point !== null;
  },
};
