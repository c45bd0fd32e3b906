/** The last board on the phone: an order stays readable with no network, also after a reload. Wiped when duty ends. */
import type { Board } from '../../contract/types';
import { cardsOf, type BoardState } from '../../core/board';

const KEY = 'nearcast.officer.board';

export interface KeptBoard {
  /** Browser Unix ms of the last word from the server that this is true to. */
  as_of_ms: number;
  board: Board;
}

/** Keep the board for its person. A full storage costs the copy, nothing else. */
export function keepBoard(state: BoardState, as_of_ms: number): void {
  const { epoch, n, at, me, kinds, thresholds } = state;
  const board = { epoch, n, at, me, kinds, thresholds, ...cardsOf(state) } as unknown as Board;
  try {
    localStorage.setItem(KEY, JSON.stringify({ as_of_ms, board } satisfies KeptBoard));
  } catch {
    forgetBoard();
  }
}

/** The kept board of this person, or null. Somebody else's is wiped at once. */
export function readKept(person_uid: string): KeptBoard | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as KeptBoard | null;
    if (kept && kept.board.me.person.uid === person_uid) return kept;
  } catch {
    // Unreadable is the same as absent.
  }
  forgetBoard();
  return null;
}

export function forgetBoard(): void {
  localStorage.removeItem(KEY);
}
