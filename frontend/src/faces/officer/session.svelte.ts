/** One officer's session on the phone: board, order on the screen, outbox, sharing and sound, tied together. */
import { untrack } from 'svelte';
import type { IncidentCard, MeCard, OrderCard, UnitCard } from '../../contract/types';
import { clock } from '../../core/clock.svelte';
import { tail } from '../../core/time';
import type { Database } from '../../core/database';
import { Outbox, type Waiting } from '../../core/outbox';
import { bringOver, databaseShelf } from '../../core/shelf';
import type { App } from '../../core/start';
import type { JournalEvent } from '../../core/wire';
import { rungOf } from '../../core/ladder';
import { Alarm, FULL, louder, loudnessOf } from './alarm';
import { answerPath, changesDuty, chooseOrder, endingOf, receiptsDue, shownState, unanswered } from './flow';
import { Help } from './help/help.svelte';
import { forgetBoard, keepBoard, keptPart, signInMark, type KeptBoard } from './keep';
import { Awake } from './awake.svelte';
import { Dark } from './dark.svelte';
import { Fates, whyOf, type Ending, type Why } from './fates.svelte';
import { Talk } from './talk/talk.svelte';
import { Photos } from './evidence/photos.svelte';
import { photoShelf } from './evidence/shelf';
import { Sharing } from './sharing.svelte';
import { forgetLog } from './shifts/forget';
import { Trackers } from './trackers/trackers.svelte';
import { databaseFixes } from './tunnel';
import { Update } from './update.svelte';

/** Where answers waited before there was a database, each person's own. */
const oldShelf = (person_uid: string): string => `nearcast.officer.outbox.${person_uid}`;
/** A network that is back for a whole city: not everybody in the same instant. */
const BACK_WITHIN_MS = 1000;
const SEEN_AFTER_MS = 1000;
/** What the offline shell fetches waits until the first order can be read: it would share a thin line with the board. */
const SHELL_AFTER_MS = 2500;

/** An order that left the screen without the officer's doing. */
export interface Ended {
  order: OrderCard;
  /** Number and place of its incident, as they stood. */
  label: string;
  why: Why;
  at_ms: number;
  /** What the server said of it afterwards; null when its last card said enough, or nothing was said. */
  ending: Ending | null;
}

export class Session {
  waiting = $state.raw<readonly Waiting[]>([]);
  ended = $state.raw<Ended | null>(null);
  /** Server Unix ms that the board is true to while it is the kept one; null once the server was heard. */
  as_of_ms = $state<number | null>(null);
  next_try_ms = $state<number | null>(null);
  /** True while some of what waits could not be stored and lives only as long as this page. */
  unstored = $state(false);
  armed = $state(false);
  visible = $state(document.visibilityState === 'visible');
  readonly outbox: Outbox;
  readonly sharing: Sharing;
  readonly photos: Photos;
  readonly help: Help;
  readonly talk: Talk;
  readonly trackers: Trackers;
  readonly alarm = new Alarm();
  readonly awake = new Awake();
  readonly dark = new Dark();
  readonly update = new Update();
  readonly fates: Fates;
  private readonly order_now = $derived(this.choose());
  private last: OrderCard | null = null;
  private label = '';
  private over = false;
  private ringing = '';
  private seen_timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly app: App, readonly database: Database, kept: KeptBoard | null) {
    const who = this.bootMe.person.uid;
    const shelf = databaseShelf(database, who);
    this.outbox = new Outbox(app.api, shelf, {
      who, before: bringOver(shelf, oldShelf(who)), makeRoom: () => forgetBoard(database),
      onChange: ({ items, next_try_ms, unstored }) => ([this.waiting, this.next_try_ms, this.unstored] = [items, next_try_ms, unstored]),
    });
    this.photos = new Photos(
      {
        api: app.api, person: who, limits: app.boot.photo, outbox: () => this.outbox.list(),
        post: (path, body, what, key) => this.outbox.post(path, body, what, { key }), moment: () => new Date(clock.read()).toISOString(),
      },
      photoShelf(database, who),
    );
    this.fates = new Fates(app.api);
    this.help = new Help(this);
    this.talk = new Talk(this);
    this.trackers = new Trackers(app.api);
    this.sharing = new Sharing(app.api, databaseFixes(database), this.dark);
    // As long as the page: the line may speak before there are screens.
    app.store.listen((events) => events.forEach((event) => this.heed(event)));
    if (!kept) return;
    app.store.takeSnapshot(kept.board);
    // It is a part of the board: events alone would not make it whole.
    app.store.forgetPlace();
    this.as_of_ms = kept.as_of_ms;
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
    return this.app.feed.light === 'dead';
  }

  /** Begin: retry what waits, follow visibility. Returns the way to stop. */
  begin(): () => void {
    const look = (): void => {
      this.visible = document.visibilityState === 'visible';
      if (this.visible) void this.outbox.flush();
      else this.sharing.putAway();
    };
    const back = (): void => void setTimeout(() => this.hurry(), Math.random() * BACK_WITHIN_MS);
    document.addEventListener('visibilitychange', look);
    addEventListener('online', back);
    void this.outbox.flush();
    void this.outbox.ready.then(() => this.photos.begin());
    let stopUpdates = (): void => undefined;
    const shell = setTimeout(() => (stopUpdates = this.update.begin()), SHELL_AFTER_MS);
    return () => {
      clearTimeout(shell);
      stopUpdates();
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
    // How another one ended stays to be read, above this one.
    if (order.state !== 'timed_out' && this.ended?.order.uid === order.uid) this.ended = null;
    for (const receipt of receiptsDue(order, this.visible, this.waiting)) {
      if (receipt === 'delivered') void this.post(order, receipt, {});
      else this.seen_timer = setTimeout(() => void this.post(order, receipt, {}), SEEN_AFTER_MS);
    }
    this.call(order);
  }

  /** The network is back: what waits goes now, not after the pause that failures earned. */
  hurry(): void {
    void this.outbox.flush().then(() => this.photos.flush());
    this.sharing.hurry();
  }

  /** On duty with `unit`: positions go, and the browser is asked not to throw away what waits when it runs short. */
  onDuty(unit: string): void {
    this.sharing.begin(unit);
    void navigator.storage?.persist?.().catch(() => false);
  }

  /** Keep what an order needs, true to the last word of the server; an order whose end is pressed is kept no more. */
  keep(): void {
    const board = this.app.store.board;
    if (!board || board.epoch < 0 || this.over) return;
    const heard_ms = untrack(() => this.app.feed.last_ms);
    if (heard_ms !== null) this.as_of_ms = null;
    const as_of_ms = heard_ms ?? untrack(() => this.as_of_ms);
    if (!board.me.unit || as_of_ms === null) return;
    const part = keptPart(board, (order) => order.active && !this.done(order));
    void keepBoard(this.database, part, as_of_ms, signInMark(this.app.boot.csrf_cookie));
  }

  hush(): void {
    this.alarm.hush();
  }

  async arm(): Promise<void> {
    this.armed = await this.alarm.arm();
    if (this.armed && this.order && unanswered(this.state)) this.call(this.order, true);
  }

  /** The person leaves this phone: nothing is kept from here on. */
  leave(): void {
    this.over = true;
    this.help.leave();
    this.forget();
  }

  /** The unit is off duty: nothing of the duty stays on the phone. */
  forget(): void {
    this.hush();
    this.sharing.end();
    this.ended = null;
    void forgetBoard(this.database);
    forgetLog();
    void this.photos.forget();
  }

  dismiss(): void {
    this.ended = null;
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
    return chooseOrder([...board.order.values()].filter((order) => !this.done(order)), new Set([this.me.unit]), level);
  }

  private done(order: OrderCard): boolean {
    return ['cleared', 'refused'].includes(shownState(order, this.waiting));
  }

  private post(order: OrderCard, answer: string, body: Record<string, string>): Promise<void> {
    const device_at = new Date(clock.read()).toISOString();
    return this.outbox.post(answerPath(order.uid, answer), { ...body, device_at }, answer);
  }

  private call(order: OrderCard, again = false): void {
    if (!unanswered(this.state)) return this.hush();
    // Each rung of the silence rings anew, also where a touch had hushed the one before.
    const rung = rungOf(order);
    if (this.ringing === order.uid + rung && !again) return;
    this.ringing = order.uid + rung;
    const loudness = loudnessOf(this.app.store.board?.incident.get(order.incident)?.level ?? 1);
    if (rung) this.alarm.ring(louder(loudness), FULL);
    else this.alarm.ring(loudness);
  }

  private heed(event: JournalEvent): void {
    if (changesDuty(event, this.me)) this.restart();
    const order = event.data['order'] as OrderCard | undefined;
    const why = order && endingOf(order);
    if (order && why && order.uid === this.last?.uid) this.ended = { order, label: this.label, why, at_ms: clock.read(), ending: null };
  }

  private gone(order: OrderCard): void {
    if (this.done(order) || this.ended?.order.uid === order.uid) return this.tell();
    this.ended = { order, label: this.label, why: 'withdrawn', at_ms: clock.read(), ending: null };
    this.tell();
    void this.findOut(order);
  }

  /** It left the screen without a word, while there was no network: ask how it ended. */
  private async findOut(order: OrderCard): Promise<void> {
    const ending = await this.fates.ask(order.uid);
    if (!ending || this.ended?.order.uid !== order.uid) return;
    const at_ms = ending.at ? Date.parse(ending.at) : this.ended.at_ms;
    this.ended = { ...this.ended, ending, at_ms, why: whyOf(ending) };
  }

  private tell(): void {
    this.hush();
    if (this.ended) this.alarm.once(1);
  }
}
