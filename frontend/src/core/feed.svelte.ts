/** The live feed: one socket, resumed by epoch and number, watched by its heartbeat. An accelerator: a snapshot alone is right. */
import { clock } from './clock.svelte';
import { Poll, POLL_SLOWER } from './poll';
import { decodePositions } from './positions';
import type { Board } from '../contract/types';
import type { Store } from './store.svelte';
import { CLOSE, type ClientFrame, type EarlyLine, type ServerFrame } from './wire';

/** live ≤ 2 s since the last word, stale over 2 s, dead over 5 s or shut. */
export type FeedLight = 'waiting' | 'live' | 'stale' | 'dead';

const STALE_S = 2.6;
const DEAD_S = 5;
const FIRST_WAIT_MS = 300;
const MAX_WAIT_MS = 8_000;
const WATCH_MS = 200;
/** A connection that says nothing for so long, or never opens, is given up for a new one. */
const PATIENCE_S = 10;
/** So many connections in a row that never said a word: this network lets none live. */
const NO_SOCKETS = 3;
/** A socket is tried again while the board comes another way. */
const SOCKET_AGAIN_MS = 30_000;

export interface FeedOptions {
  url: string;
  store: Store;
  /** Called when the session is over, so that the page can ask for sign-in. */
  onSignedOut?: () => void;
  makeSocket?: (url: string) => WebSocket;
  /** A line that the page opened before this was there; used for the first connection unless it is shut. */
  early?: EarlyLine | undefined;
  /** The board by plain HTTP, for networks in which no socket lives; without it the feed is simply dead there. */
  askBoard?: () => Promise<Board>;
}

/** Milliseconds before try number `tries` (0, 1, …): doubling, with the full range jittered so that a room does not come at once. */
export function backOffMs(tries: number, random = Math.random()): number {
  const top = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 10));
  return Math.round(top / 2 + (top / 2) * random);
}

/** The light for a silence of `silent_s` seconds. Beats come every ≤ 2 s, so stale allows for the way; `slower`: asked for, not told. */
export function lightFor(silent_s: number, heard: boolean, slower = 1): FeedLight {
  if (silent_s > DEAD_S * slower) return 'dead';
  if (!heard) return 'waiting';
  return silent_s > STALE_S * slower ? 'stale' : 'live';
}

export class Feed {
  light = $state<FeedLight>('waiting');
  /** Seconds since the last frame, to 0.1 s. */
  silent_s = $state(0);
  /** Server Unix ms of the last frame. */
  last_ms = $state<number | null>(null);
  /** When the next try to connect is made, in browser ms; null while connected. */
  retry_at_ms = $state<number | null>(null);
  /** True while the board is asked for by plain HTTP, because no socket lives here. */
  polled = $state(false);
  /** Why the server refuses for good (error code), or null. */
  refused = $state<string | null>(null);

  private socket: WebSocket | null = null;
  private tries = 0;
  private heard_at = performance.now();
  private heard = false;
  /** When the present connection was begun, or opened: what came before it says nothing about it. */
  private begun_at = performance.now();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private mute = 0;
  private readonly poll: Poll | null;

  constructor(private readonly options: FeedOptions) {
    const refused = (code: string): void => this.refuse(code);
    this.poll = options.askBoard ? new Poll({ ask: options.askBoard, take: (board) => this.takePolled(board), refused }) : null;
  }

  /** Connect and keep connected. */
  begin(): void {
    this.watch = setInterval(() => this.look(), WATCH_MS);
    addEventListener('online', this.hurry);
    this.connect();
  }

  end(): void {
    clearInterval(this.watch);
    clearTimeout(this.timer);
    removeEventListener('online', this.hurry);
    this.poll?.end();
    this.polled = false;
    const socket = this.socket;
    this.socket = null;
    socket?.close(1000);
  }

  /** Tell the server what this desk really shows (tiles, list versions). Silently nothing while disconnected. */
  showed(shown: Record<string, unknown>[]): void {
    this.send({ t: 'showed', shown });
  }

  private readonly hurry = (): void => {
    if (this.socket) return;
    clearTimeout(this.timer);
    this.connect();
  };

  private connect(): void {
    this.retry_at_ms = null;
    this.begun_at = performance.now();
    const early = this.takeEarly();
    const socket = early?.socket ?? (this.options.makeSocket ?? ((url) => new WebSocket(url)))(this.options.url);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.begun_at = performance.now();
      this.send(this.greeting());
    };
    socket.onmessage = (message) => {
      if (this.socket === socket) this.take(message.data as string | ArrayBuffer);
    };
    socket.onclose = (closed) => {
      if (this.socket === socket) this.lost(closed.code);
    };
    early?.frames.forEach((frame) => this.socket === socket && this.take(frame));
  }

  /** The early line, once, unless it was shut meanwhile. It asked for a whole board, which is right for everybody. */
  private takeEarly(): EarlyLine | undefined {
    const { early } = this.options;
    delete this.options.early;
    return early && early.socket.readyState <= WebSocket.OPEN ? early : undefined;
  }

  private greeting(): ClientFrame {
    const { board, lost_place } = this.options.store;
    return board && !lost_place ? { t: 'resume', epoch: board.epoch, n: board.n } : { t: 'start' };
  }

  private send(frame: ClientFrame): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private take(data: string | ArrayBuffer): void {
    this.mute = 0;
    this.poll?.end();
    this.polled = false;
    this.hear();
    try {
      if (typeof data === 'string') this.takeFrame(JSON.parse(data) as ServerFrame);
      else this.options.store.positions.takeFrame(decodePositions(data));
    } catch (failure) {
      console.error('feed: unreadable frame', failure);
      this.afresh();
    }
  }

  private takePolled(board: Board): void {
    const { store } = this.options;
    this.polled = true;
    clock.learn(board.at);
    if (store.lost_place || store.board?.n !== board.n || store.board.epoch !== board.epoch) store.takeSnapshot(board);
    this.hear();
  }

  private refuse(code: string): void {
    this.refused = code;
    if (code === 'not_signed_in') this.options.onSignedOut?.();
  }

  private takeFrame(frame: ServerFrame): void {
    const { store } = this.options;
    switch (frame.t) {
      case 'snapshot':
        clock.learn(frame.board.at);
        store.takeSnapshot(frame.board);
        break;
      case 'events':
        if (store.takeEvents(frame.events)) this.send({ t: 'start' });
        break;
      case 'beat':
        clock.learn(frame.at, frame.rate);
        this.send({ t: 'pong' });
        break;
      case 'slots':
        store.takeSlots(frame.slots, frame.gone, frame.whole);
        break;
      case 'error':
        console.warn('feed:', frame.code);
    }
  }

  private hear(): void {
    this.heard_at = performance.now();
    this.heard = true;
    this.tries = 0;
    this.last_ms = clock.read();
    this.look();
  }

  private afresh(): void {
    this.options.store.forgetPlace();
    this.socket?.close(4000);
  }

  private lost(code: number): void {
    this.socket = null;
    if (code === CLOSE.signedOut) return this.refuse('not_signed_in');
    if (code === CLOSE.forbidden) return this.refuse('forbidden');
    this.mute += 1;
    if (this.mute >= NO_SOCKETS) this.poll?.begin();
    if (code === CLOSE.resync || code === CLOSE.badFrame) this.options.store.forgetPlace();
    const wait_ms = this.polled ? SOCKET_AGAIN_MS : backOffMs(code === CLOSE.tooFast ? this.tries + 3 : this.tries);
    this.tries += 1;
    this.retry_at_ms = Date.now() + wait_ms;
    this.timer = setTimeout(() => this.connect(), wait_ms);
  }

  private look(): void {
    const silent_s = (performance.now() - this.heard_at) / 1000;
    this.silent_s = Math.round(silent_s * 10) / 10;
    this.light = lightFor(silent_s, this.heard, this.polled ? POLL_SLOWER : 1);
    const waited_s = (performance.now() - Math.max(this.heard_at, this.begun_at)) / 1000;
    if (this.socket && waited_s > PATIENCE_S) this.giveUp(this.socket);
  }

  /** Go on without waiting for the close: on a dead line it takes a minute to be told. */
  private giveUp(socket: WebSocket): void {
    this.lost(4000);
    socket.close(4000);
  }
}
