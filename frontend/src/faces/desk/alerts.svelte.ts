/** When the desk makes a sound, how loud, and until when. Each alert names an incident; a level 1 repeats until acknowledged. */
import type { IncidentCard, OrderCard } from '../../contract/types';
import { clock } from '../../core/clock.svelte';
import type { App } from '../../core/start';
import type { JournalEvent } from '../../core/wire';
import type { Sounds } from '../../parts/sounds';
import { loudness } from './between';
import { UNANSWERED } from '../../core/ladder';
import { isTheirs } from './rows';
import { loudnessOf } from './silence';

const RING_S = 10;

export class Alerts {
  /** Incidents that nobody at this desk has acknowledged: new ones of level 1, and those whose orders met silence to the end. */
  open = $state.raw<ReadonlySet<string>>(new Set());
  /** Those of them whose time to look again has come. */
  due = $state.raw<ReadonlySet<string>>(new Set());
  private readonly silent = new Set<string>();
  private readonly rung = new Set<string>();

  constructor(
    private readonly app: App,
    private readonly sounds: Sounds,
  ) {}

  /** Seconds until the room rings for an unclaimed incident; 0 when it has. */
  ringsIn(incident: IncidentCard, now_ms: number): number {
    const limit = this.app.store.threshold('unclaimed_room_s', RING_S);
    return Math.max(0, Math.ceil(limit - (now_ms - Date.parse(incident.opened_at)) / 1000));
  }

  begin(): () => void {
    const off = this.app.store.listen((events) => events.forEach((event) => this.hear(event)));
    const timer = setInterval(() => this.look(), 1000);
    return () => {
      off();
      clearInterval(timer);
      this.sounds.stop();
    };
  }

  /** The person has seen it: choosing the incident is enough. */
  acknowledge(uid: string): void {
    if (!this.open.has(uid)) return;
    this.silent.delete(uid);
    this.open = new Set([...this.open].filter((one) => one !== uid));
    this.due = new Set([...this.due].filter((one) => one !== uid));
    if (!this.open.size) this.sounds.stop();
  }

  private hear(event: JournalEvent): void {
    const incident = event.data['incident'] as IncidentCard | undefined;
    const order = event.data['order'] as OrderCard | undefined;
    if (event.kind === 'incident.opened' && incident && !isTheirs(incident)) this.announce(incident, event);
    if (event.kind === 'incident.due' && incident && !isTheirs(incident)) this.insistOn(incident.uid, true);
    const { board } = this.app.store;
    const loud = board ? loudness(event.kind, event.data, board.me.home, board.me.person.uid, board.centre) : 0;
    if (loud) this.sounds.play(loud);
    if (order) this.hearOrder(event, order);
  }

  private hearOrder(event: JournalEvent, order: OrderCard): void {
    const { board } = this.app.store;
    const loud = board && loudnessOf(event, order, board.incident.get(order.incident), board.me);
    if (loud === 3) {
      this.silent.add(order.incident);
      this.open = new Set(this.open).add(order.incident);
      this.sounds.insist();
    } else if (loud) this.sounds.play(loud);
  }

  /** What was rung for is settled: an incident has its owner, silence has met an answer. */
  private settled(uid: string): boolean {
    const incident = this.app.store.board?.incident.get(uid);
    if (!incident) return true;
    if (this.silent.has(uid)) return this.app.store.ordersOf(uid).some((order) => order.active && !UNANSWERED.has(order.state));
    return incident.owner !== null && !this.due.has(uid);
  }

  private announce(incident: IncidentCard, event: JournalEvent): void {
    const mine = event.actor?.uid === this.app.store.board?.me.person.uid;
    if (incident.level === 1 && !mine) this.insistOn(incident.uid);
    else if (!mine) this.sounds.play(incident.level === 2 ? 2 : 1);
  }

  /** Sound until somebody chooses it. `due`: its time to look again has come. */
  private insistOn(uid: string, due = false): void {
    this.open = new Set(this.open).add(uid);
    if (due) this.due = new Set(this.due).add(uid);
    this.sounds.insist();
  }

  private look(): void {
    const incidents = this.app.store.board?.incident;
    if (!incidents) return;
    for (const uid of this.open) if (this.settled(uid)) this.acknowledge(uid);
    for (const incident of incidents.values()) {
      if (incident.owner || isTheirs(incident) || incident.state === 'on_hold' || this.rung.has(incident.uid)) continue;
      if (this.ringsIn(incident, clock.now_ms) > 0) continue;
      this.rung.add(incident.uid);
      if (clock.now_ms - Date.parse(incident.opened_at) < 60_000) this.sounds.play(2);
    }
  }
}
