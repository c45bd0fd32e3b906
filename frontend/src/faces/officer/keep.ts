/**
 * The last order on the phone: readable with no network, also after a reload. Only what an order needs is kept, field by field;
 * calls never are, and numbers that could be a caller's are taken out of free words. Wiped when the order or duty ends, at sign-out,
 * and when the phone learns that the session or the right is gone.
 */
import type { Board, IncidentCard, NoteCard, OrderCard } from '../../contract/types';
import { cardsOf, type BoardState } from '../../core/board';
import { keepThing, readKeptThing, type Database } from '../../core/database';

export const KEPT_BOARD = 'board';
const OLD_KEY = 'nearcast.officer.board';
/** The shape of what is kept: another one is forgotten, not guessed at. */
const SHAPE = 1;
/** Seven digits and more, with what people write between them; not where they belong to a word or a longer code. */
const NUMBER = /(?<![\w.:/-])(?!\d{4}-\d\d-\d\d)\+?\(?\d(?:[\s().-]{0,2}\d){6,14}(?![\w:])/g;

export interface KeptBoard {
  shape: number;
  /** Server Unix ms of the last word that this is true to. */
  as_of_ms: number;
  /** The sign-in it belongs to: after a sign-out, on whichever page, it is another one or none. */
  sign_in: string;
  board: Board;
}

/** Free words without anything that could be dialled. */
export function withoutNumbers(text: string): string {
  return text.replace(NUMBER, '•••');
}

const wordsOf = (text: string | null): string | null => (text === null ? null : withoutNumbers(text));

function keptIncident(card: IncidentCard): IncidentCard {
  return { ...card, remark: wordsOf(card.remark), hazards: wordsOf(card.hazards), place: withoutNumbers(card.place), watchers: [], owner: null, hold_reason: '', close_reason: '', transfer_reason: '' };
}

/** The part of the board that the phone may keep: own unit, its orders under way (`shown` says which), their incidents and notes. */
export function keptPart(state: BoardState, shown: (order: OrderCard) => boolean): Board {
  const { epoch, n, at, me, kinds, canned, thresholds } = state;
  const mine = [...state.order.values()].filter((order) => order.unit !== null && order.unit === me.unit && shown(order));
  const incidents = new Set(mine.map((order) => order.incident));
  const orders = [...state.order.values()].filter((order) => incidents.has(order.incident) && (order.unit !== me.unit || mine.includes(order)));
  const notes: NoteCard[] = [...state.note.values()].filter((note) => incidents.has(note.incident)).map((note) => ({ ...note, text: withoutNumbers(note.text) }));
  // Whatever else a board may carry one day is left behind until somebody decides otherwise here.
  const nothing = Object.fromEntries(Object.keys(cardsOf(state)).map((name) => [name, []]));
  const kept: Partial<Board> = {
    epoch, n, at, me, kinds, canned, thresholds, orders, notes,
    incidents: [...state.incident.values()].filter((card) => incidents.has(card.uid)).map(keptIncident),
    units: [...state.unit.values()].filter((unit) => unit.uid === me.unit),
    centres: [...state.centre.values()].filter((centre) => centre.uid === me.home),
  };
  return { ...nothing, ...kept } as Board;
}

/** Which sign-in this browser has: the cookie that each sign-in makes anew and a sign-out takes away. */
export function signInMark(cookie: string, page: { cookie: string } = document): string {
  return page.cookie.split('; ').find((pair) => pair.startsWith(`${cookie}=`))?.slice(cookie.length + 1) ?? '';
}

export async function keepBoard(database: Database, board: Board, as_of_ms: number, sign_in: string): Promise<void> {
  const kept = await keepThing(database, KEPT_BOARD, { shape: SHAPE, as_of_ms, sign_in, board } satisfies KeptBoard);
  if (!kept) await forgetBoard(database);
}

/** The kept board of this person in this sign-in, or null. Anybody else's, and what another build kept, is wiped at once. */
export async function readKept(database: Database, person_uid: string, sign_in: string): Promise<KeptBoard | null> {
  localStorage.removeItem(OLD_KEY);
  const kept = await readKeptThing<KeptBoard>(database, KEPT_BOARD);
  if (kept?.shape === SHAPE && sign_in !== '' && kept.sign_in === sign_in && kept.board.me.person.uid === person_uid) return kept;
  if (kept !== undefined) await forgetBoard(database);
  return null;
}

export async function forgetBoard(database: Database): Promise<void> {
  await keepThing(database, KEPT_BOARD, null);
}
