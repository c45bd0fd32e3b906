/** An officer's own shifts as the server reads them from the journal, and the present one kept for no network. */
import type { Words } from '../../../contract/types';
import { code, has, t } from '../../../core/i18n';
import { tail } from '../../../core/time';
import { forgetLog, LOG } from './forget';

export interface Shift {
  at: string;
  ends_at: string | null;
  unit: string;
  call_sign: string;
  vehicle: string;
  equipment: string[];
  crew: Words[];
}
export interface ShiftLine {
  n: number;
  at: string;
  kind: string;
  facts: Record<string, unknown>;
  incident_number: string;
  incident_kind: string;
  place: string;
}
export interface ShiftLog {
  shift: Shift;
  lines: ShiftLine[];
  cut: boolean;
}
export interface TrackLook {
  at: string;
  person: Words | null;
  begins: string;
  ends: string;
  call_sign: string;
  incident_number: string;
}

const str = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A line in words: what happened, and its code put into words where there is one. */
export function lineWords(line: ShiftLine): string {
  const { facts, kind } = line;
  const more: string[] = [];
  const say = (family: string, value: unknown): void => {
    if (str(value) && has(`${family}.${str(value)}`)) more.push(t(`${family}.${str(value)}`));
  };
  if (kind.startsWith('order.')) {
    say('disposition', facts['disposition']);
    say('refuse', facts['refuse_reason']);
    if (kind === 'order.moved' || kind === 'order.answered') say('order.state', facts['state']);
  } else if (kind === 'unit.changed') {
    say('unit.state', facts['state']);
    say('unavailable', facts['reason']);
  } else if (kind.startsWith('note.')) {
    say('stage', facts['stage']);
    more.push(str(facts['text']));
  }
  return [code('event', kind), ...more].filter(Boolean).join(' · ');
}

/** Where it was about: number and place, '' for nowhere. */
export const lineAbout = (line: ShiftLine): string => [line.incident_number && tail(line.incident_number), line.place].filter(Boolean).join(' ');

interface Kept {
  person: string;
  kept_ms: number;
  log: ShiftLog;
}

/** Keep the present shift's log on the phone: it holds no caller and no remark, and goes with the duty. */
export function keepLog(person: string, log: ShiftLog, kept_ms: number): void {
  try {
    localStorage.setItem(LOG, JSON.stringify({ person, kept_ms, log } satisfies Kept));
  } catch {
    forgetLog();
  }
}

/** The kept log of this person, null when there is none or it is somebody else's, which is wiped. */
export function readLog(person: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(LOG) ?? 'null') as Kept | null;
    if (kept?.person === person) return kept;
  } catch {
    // Unreadable is the same as absent.
  }
  forgetLog();
  return null;
}
