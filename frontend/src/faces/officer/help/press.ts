/** One press for help, kept on the phone until the server has it. Pure but for the shelf; the loop is help.svelte.ts. */
import type { DistressCard } from '../../../contract/types';
import type { PhoneFix } from '../buffer';

/** What is sent, made at the press and never changed: the same press stays the same however often it goes. */
export interface PressBody {
  unit: string;
  device_at: string;
  point: [number, number] | null;
  fix_at: string | null;
  accuracy_m: number | null;
}

export interface Press {
  uid: string;
  call_sign: string;
  /** Server's time as this phone knew it, Unix ms. */
  pressed_ms: number;
  body: PressBody;
  tries: number;
  /** ISO, by the server; null until it has said so. */
  received_at: string | null;
  /** Code and facts of a refusal; the press is not tried again then. */
  refused: { code: string; facts: Record<string, unknown> } | null;
  /** The officer took it back: sent after the press itself. */
  cancel: 'no' | 'waiting' | 'sent';
  outcome: string | null;
}

export const HOLD_MS = 1500;
/** Failures after which the same press may still be taken: everything but a plain no of the server. */
const FINAL = new Set(['bad_input', 'bad_position', 'forbidden', 'not_found', 'exists', 'unit_off_duty', 'key_reused', 'too_big']);

export function isFinal(code: string): boolean {
  return FINAL.has(code);
}

/** The press as it is made now. A fix of the phone's own goes with its age and accuracy. */
export function newPress(uid: string, unit: { uid: string; call_sign: string }, now_ms: number, fix: PhoneFix | null): Press {
  const body: PressBody = {
    unit: unit.uid, device_at: new Date(now_ms).toISOString(), point: fix ? [fix.lon, fix.lat] : null, fix_at: fix?.fix_at ?? null, accuracy_m: fix?.accuracy_m || null,
  };
  return { uid, call_sign: unit.call_sign, pressed_ms: now_ms, body, tries: 0, received_at: null, refused: null, cancel: 'no', outcome: null };
}

/** The press that a card on the board is about. */
export function pressOf(card: DistressCard): Press {
  const { unit, point, fix_at, accuracy_m } = card;
  const body: PressBody = { unit, device_at: card.device_at ?? card.pressed_at, point: point as [number, number] | null, fix_at, accuracy_m };
  return { uid: card.uid, call_sign: card.call_sign, pressed_ms: Date.parse(card.pressed_at), body, tries: 1, received_at: card.received_at, refused: null, cancel: card.cancelled_at ? 'sent' : 'no', outcome: null };
}

const shelf = (person_uid: string): string => `nearcast.officer.help.${person_uid}`;

/** True while the server has not said yes or no: such a press is never thrown away by leaving the phone. */
export function isUnsent(press: Press): boolean {
  return press.received_at === null && press.refused === null;
}

/** The server believes a press for a day; a phone whose clock is wrong by one must not throw away what waits. */
const OLDEST_MS = 7 * 24 * 3600 * 1000;
const PREFIX = shelf('');

/** Presses of others that this phone never got out, the oldest first, with the names they are kept under. What the server had of anybody
 * else, and what it would not believe any more, is wiped: the next person reads nothing of it. `now_ms`: server Unix ms. */
export function tidyPresses(own_uid: string, now_ms: number, storage: Storage = localStorage): { name: string; press: Press }[] {
  const others = Object.keys(storage).filter((name) => name.startsWith(PREFIX) && name !== shelf(own_uid));
  const stranded: { name: string; press: Press }[] = [];
  for (const name of others) {
    const press = read(storage, name);
    if (press && isUnsent(press) && now_ms - press.pressed_ms < OLDEST_MS) stranded.push({ name, press });
    else storage.removeItem(name);
  }
  return stranded.sort((a, b) => a.press.pressed_ms - b.press.pressed_ms);
}

/** Everything of the duty but presses that are not out yet goes from the phone. `prefix`: of all its names. */
export function wipeAllBut(prefix: string, storage: Storage = localStorage): void {
  for (const name of Object.keys(storage).filter((one) => one.startsWith(prefix))) {
    const press = name.startsWith(PREFIX) ? read(storage, name) : null;
    if (!press || !isUnsent(press)) storage.removeItem(name);
  }
}

function read(storage: Storage, name: string): Press | null {
  try {
    return JSON.parse(storage.getItem(name) ?? 'null') as Press | null;
  } catch {
    return null;
  }
}

export function keepPress(person_uid: string, press: Press | null): void {
  if (press) localStorage.setItem(shelf(person_uid), JSON.stringify(press));
  else localStorage.removeItem(shelf(person_uid));
}

export function readPress(person_uid: string): Press | null {
  return read(localStorage, shelf(person_uid));
}

/** Seconds between press and receipt that are worth saying. */
export const LATE_S = 5;
