/** Every key of the desk. Digits only while the card holds focus; any text field swallows everything but Escape and F2. */
import type { OrderCard } from '../../contract/types';
import { t } from '../../core/i18n';
import * as acts from './acts';
import { onSilenceKey } from './silence';
import type { Desk, Panel } from './desk.svelte';
import { onDistressKey } from './help/keys';
import { photosOf } from './photos/photos';
import { onBetweenKey, onWaitingKey } from './keys_between';
import { isTheirs } from './rows';

const FIELD = 'input, textarea, select, [contenteditable]';

/** What V says next, by the order's state: the radio's answer in the usual order. */
export const VOICE_NEXT: Record<string, string> = { sent: 'accept', delivered: 'accept', seen: 'accept', accepted: 'leave', en_route: 'arrive', on_scene: 'clear' };

/** Enter the radio's next step. The last one is final: a panel asks how it ended. */
export function sayNext(desk: Desk, order: OrderCard): void {
  const next = VOICE_NEXT[order.state] ?? 'accept';
  if (next === 'clear') openPanel(desk, 'order.voice', { kind: 'voice', uid: order.uid, verb: 'clear' });
  else void acts.voice(desk, order, next);
}

export interface KeyPlaces {
  focusCard: () => void;
  focusCommand: () => void;
  backToIncident: () => void;
  toggleLayers: () => void;
  mapCentre: () => [number, number] | null;
}

function step(desk: Desk, by: number): void {
  const { shown, chosen } = desk;
  const at = shown.findIndex(({ incident }) => incident.uid === chosen);
  const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
  if (next) desk.choose(next.incident.uid);
}

/** Open a panel when the verb is allowed; else say why where it would have opened. */
export function openPanel(desk: Desk, verb: string, panel: Panel): void {
  const why = desk.whyNot(verb);
  if (why) desk.refusal = { where: 'card', words: why };
  else desk.panel = panel;
}

/** A key that has nothing to act on says so where it would have acted. */
const nothing = (desk: Desk, words: string): void => void (desk.refusal = { where: 'card', words: t(words) });

function onCardKey(desk: Desk, key: string): boolean {
  const { incident } = desk;
  if (!incident || isTheirs(incident)) return false;
  const { inHand } = desk;
  switch (key) {
    case 'r':
      desk.refresh();
      return true;
    case 'z':
      if (inHand) void acts.recall(desk, inHand);
      else nothing(desk, 'why.no_order');
      return true;
    case 'v':
      if (inHand) sayNext(desk, inHand);
      else nothing(desk, 'why.no_order');
      return true;
    case 'n':
      openPanel(desk, 'incident.note', { kind: 'note' });
      return true;
    case 'f':
      openPanel(desk, 'incident.feedback', { kind: 'feedback' });
      return true;
    case 't':
      if (incident.owner?.uid === desk.me) nothing(desk, 'why.already_owner');
      else void acts.take(desk, incident);
      return true;
    case '.':
      desk.photo = photosOf(desk.store.board?.attachment.values() ?? [], incident.uid)[0]?.uid ?? null;
      if (!desk.photo) nothing(desk, 'photo.none');
      return true;
    case 'h':
      if (incident.state === 'on_hold') void acts.resume(desk, incident);
      else openPanel(desk, 'incident.hold', { kind: 'hold' });
      return true;
    case 'x':
      openPanel(desk, 'incident.close', { kind: 'close' });
      return true;
    case 'y':
      desk.story = !desk.story;
      return true;
    case 'j':
      if (desk.matches[0]) void acts.join(desk, desk.matches[0].call, incident);
      else nothing(desk, 'why.no_call');
      return true;
    default:
      return onSilenceKey(desk, incident, key) || onBetweenKey(desk, incident, key);
  }
}

function onDeskKey(desk: Desk, key: string, places: KeyPlaces): boolean {
  if (onDistressKey(desk, key)) return true;
  switch (key) {
    case '/':
      places.focusCommand();
      return true;
    case 'c':
      openPanel(desk, 'call.take', { kind: 'call', point: null });
      return true;
    case 'b':
      places.backToIncident();
      return true;
    case 'q':
      desk.talk.open = !desk.talk.open;
      return true;
    case 'l':
      places.toggleLayers();
      return true;
    case '?':
      desk.panel = desk.panel?.kind === 'keys' ? null : { kind: 'keys' };
      return true;
    case ',':
      openPanel(desk, 'incident.call_back', { kind: 'closed', number: '' });
      return true;
    case 'o': {
      const point = places.mapCentre();
      if (point) openPanel(desk, 'incident.open', { kind: 'open', point, call: null });
      return true;
    }
    case '[':
      step(desk, -1);
      return true;
    case ']':
      step(desk, 1);
      return true;
    default:
      return (desk.focus === 'card' && onCardKey(desk, key)) || onWaitingKey(desk, key);
  }
}

function onEscape(desk: Desk, places: KeyPlaces): void {
  if (document.activeElement?.closest('.talk')) desk.talk.open = false;
  desk.panel = null;
  desk.refusal = null;
  desk.ending = null;
  places.focusCard();
}

/** Handle one keydown of the window. */
export function onKey(desk: Desk, event: KeyboardEvent, places: KeyPlaces): void {
  if (event.key === 'Escape') return onEscape(desk, places);
  if (event.key === 'F2') {
    event.preventDefault();
    return places.focusCommand();
  }
  if (event.key === 'Enter' && event.target instanceof HTMLSelectElement && event.target.form) {
    // Enter opens the list of a closed choice in some browsers; the form's own button says that it sends.
    event.preventDefault();
    return event.target.form.requestSubmit();
  }
  const inField = event.target instanceof Element && event.target.closest(FIELD) !== null;
  if (inField || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const digit = /^[1-9]$/.test(event.key) && desk.focus === 'card';
  if (digit) {
    event.preventDefault();
    void acts.sendSlot(desk, Number(event.key));
  } else if (onDeskKey(desk, event.key.toLowerCase(), places)) {
    event.preventDefault();
  }
}
