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

export function keepPress(person_uid: string, press: Press | null): void {
  if (press) localStorage.setItem(shelf(person_uid), JSON.stringify(press));
  else localStorage.removeItem(shelf(person_uid));
}

export function readPress(person_uid: string): Press | null {
  try {
    return JSON.parse(localStorage.getItem(shelf(person_uid)) ?? 'null') as Press | null;
  } catch {
    return null;
  }
}

/** Seconds between press and receipt that are worth saying. */
export const LATE_S = 5;
