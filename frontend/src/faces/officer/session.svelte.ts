/** One officer's session on the phone: board, order on the screen, outbox, sharing and sound, tied together. */
import type { IncidentCard, MeCard, OrderCard, UnitCard } from '../../contract/types';
import { clock } from '../../core/clock.svelte';
import { tail } from '../../core/time';
import { localShelf, Outbox, type Waiting } from '../../core/outbox';
import type { App } from '../../core/start';
import type { JournalEvent } from '../../core/wire';
import { Alarm, loudnessOf } from './alarm';
import { answerPath, changesDuty, chooseOrder, endingOf, receiptsDue, shownState, unanswered } from './flow';
import { Help } from './help/help.svelte';
import { forgetBoard, keepBoard, readKept } from './keep';
import { Sharing } from './sharing.svelte';

/** Each person's own: what one left behind is never sent as another's. */
export const shelfOf = (person_uid: string): string => `nearcast.officer.outbox.${person_uid}`;
const RETRY_MS = 8000;
const SEEN_AFTER_MS = 1000;
const DEAD_S = 5;

/** An order that left the screen without the officer's doing. */
export interface Ended {
  order: OrderCard;
  /** Number and place of its incident, as they stood. */
  label: string;
  why: 'recalled' | 'replaced' | 'timed_out' | 'withdrawn';
  at_ms: number;
}

export class Session {
  waiting = $state.raw<readonly Waiting[]>([]);
  ended = $state.raw<Ended | null>(null);
  /** Browser Unix ms that the board is true to, when it is a kept one or the feed is dead; null while live. */
  as_of_ms = $state<number | null>(null);
  next_try_ms = $state<number | null>(null);
  armed = $state(false);
  visible = $state(document.visibilityState === 'visible');
  readonly outbox: Outbox;
  readonly sharing: Sharing;
  readonly help: Help;
  readonly alarm = new Alarm();
  private readonly order_now = $derived(this.choose());
  private last: OrderCard | null = null;
  private label = '';
  private ringing = '';
  private seen_timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly app: App) {
    this.outbox = new Outbox(app.api, localShelf(shelfOf(this.bootMe.person.uid)), (items) => (this.waiting = items));
    this.waiting = this.outbox.list();
    this.sharing = new Sharing(app.api);
    this.help = new Help(this);
    const kept = readKept(this.bootMe.person.uid);
    if (kept) {
      app.store.takeSnapshot(kept.board);
      this.as_of_ms = kept.as_of_ms;
    }
  }

  get bootMe(): MeCard {
    return this.app.boot.me as MeCard;
  }

  get me(): MeCard {
    return this.app.store.board?.me ?? this.bootMe;
  }

  /** The unit this officer is signed on to, as the board has it. */
  get unit(): UnitCard | undefined {
    const units = [...(this.app.store.board?.unit.values() ?? [])];
    return units.find((unit) => unit.uid === this.me.unit && unit.on_duty);
  }

  get order(): OrderCard | null {
    return this.order_now;
  }

  get incident(): IncidentCard | undefined {
    return this.order ? this.app.store.board?.incident.get(this.order.incident) : undefined;
  }

  get state(): string {
    return this.order ? shownState(this.order, this.waiting) : '';
  }

  get dead(): boolean {
    return this.app.feed.light === 'dead' || this.app.feed.silent_s > DEAD_S;
  }

  /** Begin: hear the feed, retry what waits, follow visibility. Returns the way to stop. */
  begin(): () => void {
    const stop = this.app.store.listen((events) => events.forEach((event) => this.heed(event)));
    const look = (): void => {
      this.visible = document.visibilityState === 'visible';
      if (this.visible) void this.flush();
    };
    const back = (): void => {
      look();
      this.sharing.hurry();
    };
    const timer = setInterval(() => void this.flush(), RETRY_MS);
    document.addEventListener('visibilitychange', look);
    addEventListener('online', back);
    void this.flush();
    return () => {
      stop();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      removeEventListener('online', back);
    };
  }

  /** Press an answer: queued at once, sent as soon as there is a network. */
  answer(order: OrderCard, answer: string, body: Record<string, string> = {}): void {
    this.hush();
    void this.post(order, answer, body);
  }

  /** Follow the order on the screen: receipts, ringing, and what became of one that vanished. */
  follow(): void {
    const order = this.order;
    if (this.last && this.last.uid !== order?.uid) this.gone(this.last);
    this.last = order;
    if (this.incident) this.label = `${tail(this.incident.number)} · ${this.incident.place}`;
    clearTimeout(this.seen_timer);
    if (!order) return this.hush();
    if (order.state !== 'timed_out') this.ended = null;
    for (const receipt of receiptsDue(order, this.visible, this.waiting)) {
      if (receipt === 'delivered') void this.post(order, receipt, {});
      else this.seen_timer = setTimeout(() => void this.post(order, receipt, {}), SEEN_AFTER_MS);
    }
    this.call(order);
  }

  /** Keep the board as it is now, true to this moment. */
  keep(): void {
    const board = this.app.store.board;
    if (!board || board.epoch < 0 || this.app.feed.last_ms === null) return;
    this.as_of_ms = null;
    if (board.me.unit) keepBoard(board, Date.now());
  }

  hush(): void {
    this.alarm.hush();
  }

  async arm(): Promise<void> {
    this.armed = await this.alarm.arm();
    if (this.armed && this.order && unanswered(this.state)) this.call(this.order, true);
  }

  /** The unit is off duty, or the person signs out: nothing of the duty stays on the phone. */
  forget(): void {
    this.hush();
    this.sharing.end();
    this.ended = null;
    forgetBoard();
  }

  dismiss(): void {
    this.ended = null;
  }

  async flush(): Promise<void> {
    this.next_try_ms = null;
    await this.outbox.flush();
    if (this.waiting.some((item) => item.state === 'waiting')) this.next_try_ms = Date.now() + RETRY_MS;
  }

  /** Connect anew: another crew, other rights, another board. */
  restart(): void {
    this.app.feed.end();
    this.app.store.forgetPlace();
    this.app.feed.begin();
  }

  private choose(): OrderCard | null {
    const board = this.app.store.board;
    if (!board || !this.me.unit) return null;
    const level = (uid: string): number => board.incident.get(uid)?.level ?? 9;
    const done = (order: OrderCard): boolean => ['cleared', 'refused'].includes(shownState(order, this.waiting));
    return chooseOrder([...board.order.values()].filter((order) => !done(order)), new Set([this.me.unit]), level);
  }

  private post(order: OrderCard, answer: string, body: Record<string, string>): Promise<void> {
    const device_at = new Date(clock.read()).toISOString();
    return this.outbox.post(answerPath(order.uid, answer), { ...body, device_at }, answer);
  }

  private call(order: OrderCard, again = false): void {
    if (!unanswered(this.state)) return this.hush();
    if (this.ringing === order.uid && !again) return;
    this.ringing = order.uid;
    this.alarm.ring(loudnessOf(this.app.store.board?.incident.get(order.incident)?.level ?? 1));
  }

  private heed(event: JournalEvent): void {
    if (changesDuty(event, this.me)) this.restart();
    const order = event.data['order'] as OrderCard | undefined;
    const why = order && endingOf(order);
    if (order && why && order.uid === this.last?.uid) this.ended = { order, label: this.label, why, at_ms: clock.read() };
  }

  private gone(order: OrderCard): void {
    const own = ['cleared', 'refused'].includes(shownState(order, this.waiting));
    if (own || this.ended?.order.uid === order.uid) return this.tell();
    this.ended = { order, label: this.label, why: 'withdrawn', at_ms: clock.read() };
    this.tell();
  }

  private tell(): void {
    this.hush();
    if (this.ended) this.alarm.once(1);
  }
}
