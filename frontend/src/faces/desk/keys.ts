/** Every key of the desk. Digits only while the card holds focus; any text field swallows everything but Escape and F2. */
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

function onCardKey(desk: Desk, key: string): boolean {
  const { incident } = desk;
  if (!incident || isTheirs(incident)) return false;
  const newestOrder = desk.activeOrders[desk.activeOrders.length - 1];
  switch (key) {
    case 'r':
      desk.refresh();
      return true;
    case 'z':
      if (newestOrder) void acts.recall(desk, newestOrder);
      return true;
    case 'v':
      if (newestOrder) void acts.voice(desk, newestOrder, VOICE_NEXT[newestOrder.state] ?? 'accept');
      return true;
    case 'n':
      openPanel(desk, 'incident.note', { kind: 'note' });
      return true;
    case 'f':
      openPanel(desk, 'incident.feedback', { kind: 'feedback' });
      return true;
    case 't':
      void acts.take(desk, incident);
      return true;
    case 'd':
      desk.photo = photosOf(desk.store.board?.attachment.values() ?? [], incident.uid)[0]?.uid ?? null;
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
    case 'l':
      places.toggleLayers();
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
  desk.panel = null;
  desk.refusal = null;
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
