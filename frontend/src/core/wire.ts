/** Shapes of the socket's frames and of journal events; the cards in them are generated (contract/types.ts). */
import type { Board, PersonRef, UnitCard } from '../contract/types';

export interface Actor extends Partial<PersonRef> {
  role?: string;
  centre?: string | null;
}

export interface JournalEvent {
  n: number;
  kind: string;
  at: string;
  actor: Actor | null;
  data: Record<string, unknown>;
}

export interface SlotCard {
  slot: number;
  unit: UnitCard;
}

export type ServerFrame =
  | { t: 'snapshot'; board: Board }
  | { t: 'events'; events: JournalEvent[] }
  | { t: 'beat'; n: number; at: string; rate: number }
  /** `whole`: a keyframe, everything known of positions before it is void. */
  | { t: 'slots'; whole: boolean; slots: SlotCard[]; gone: number[] }
  | { t: 'error'; code: string; facts?: Record<string, unknown> };

export type ClientFrame =
  | { t: 'start' }
  | { t: 'resume'; epoch: number; n: number }
  | { t: 'pong' }
  | { t: 'showed'; shown: Record<string, unknown>[] };

/** A socket that was opened before the feed began and has asked for the board; `frames` came meanwhile, in order. */
export interface EarlyLine {
  socket: WebSocket;
  frames: (string | ArrayBuffer)[];
}

/** Close codes of the socket (realtime/protocol.py). */
export const CLOSE = { badFrame: 4400, signedOut: 4401, forbidden: 4403, resync: 4408, tooBig: 4413, tooFast: 4429 } as const;
