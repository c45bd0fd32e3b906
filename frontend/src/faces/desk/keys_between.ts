/** Keys of what goes between desks. A yes, U no, W take back; S the station's desk, G another target, M hand over, P report, K call back. */
import type { IncidentCard, OrderCard } from '../../contract/types';
import * as acts from './acts_between';
import { openRequest, stationDesk, type Waiting } from './between';
import type { Desk } from './desk.svelte';
import { openPanel } from './keys';

/** What waits on the chosen incident, the most pressing first. */
export function waitingHere(desk: Desk): Waiting | undefined {
  return desk.waiting.find((item) => item.incident === desk.chosen);
}

/** Keys that act on the lit card. */
export function onBetweenKey(desk: Desk, incident: IncidentCard, key: string): boolean {
  switch (key) {
    case 's':
      sendStation(desk, incident);
      return true;
    case 'g':
      openPanel(desk, 'order.send', { kind: 'target' });
      return true;
    case 'm':
      openPanel(desk, 'incident.transfer', { kind: 'transfer' });
      return true;
    case 'p':
      openPanel(desk, 'report.send', { kind: 'report', uid: null });
      return true;
    case 'k':
      openPanel(desk, 'incident.call_back', { kind: 'callback' });
      return true;
    case 'u':
      return refuseHere(desk);
    case 'w':
      void takeBack(desk, incident);
      return true;
    default:
      return false;
  }
}

/** A: yes to what waits on the chosen incident; when nothing does there, it shows the incident of what waits first. */
export function onWaitingKey(desk: Desk, key: string): boolean {
  if (key === 'i') {
    openPanel(desk, 'aid.grant', { kind: 'aid' });
    return true;
  }
  if (key !== 'a') return false;
  const here = waitingHere(desk);
  if (here && !desk.settled(here.uid)) return true;
  if (here) void acts.sayYes(desk, here);
  else if (desk.waiting[0]) desk.choose(desk.waiting[0].incident);
  return true;
}

/** S: order the desk of the incident's own station. */
export function sendStation(desk: Desk, incident: IncidentCard): void {
  const uid = stationDesk(incident, desk.home);
  const why = desk.whyNot('order.send');
  if (why) desk.refusal = { where: 'card', words: why };
  else if (uid) void acts.sendTo(desk, incident, { kind: 'centre', uid, code: desk.store.centre(uid)?.code ?? '' }, 'card', 'S');
}

/** U: no to what waits here; where nothing does, the "cannot" that a crew said on the radio. */
function refuseHere(desk: Desk): boolean {
  const here = waitingHere(desk);
  if (here && here.kind !== 'report' && here.kind !== 'notice' && here.kind !== 'ended') desk.panel = { kind: 'refuse', what: here.kind, uid: here.uid };
  else return cannotByVoice(desk, desk.inHand);
  return true;
}

/** Ask why the crew cannot; false where it is on scene already, or nothing was ordered. */
export function cannotByVoice(desk: Desk, order: OrderCard | undefined): boolean {
  if (!order || order.state === 'on_scene') return false;
  openPanel(desk, 'order.voice', { kind: 'voice', uid: order.uid, verb: 'refuse' });
  return true;
}

/** Take back what this desk offered or asked for; whether there was anything. */
export function takeBack(desk: Desk, incident: IncidentCard): Promise<unknown> | false {
  const asked = openRequest(incident, desk.store.board?.request.values() ?? [], desk.home);
  if (incident.transfer_to && incident.transfer_to !== desk.home) return acts.withdrawOffer(desk, incident);
  return asked ? acts.withdraw(desk, asked) : false;
}
