/** What this browser knows: the board (from the journal), positions (from the hub), and how to look things up. */
import type { Board, CentreCard, IncidentCard, KindCard, OrderCard, SuggestionCard, UnitCard, Words } from '../contract/types';
import { fromBoard, needsSnapshot, reduceEvents, type BoardState } from './board';
import { clock } from './clock.svelte';
import type { AgeBands } from './placed';
import { Positions } from './positions';
import { prefs } from './prefs.svelte';
import type { JournalEvent, SlotCard } from './wire';
import { wasSent } from './ladder';

type Listener = (events: readonly JournalEvent[]) => void;

/** A name in the reader's language, else in its own. */
export function inWords(words: Words | undefined | null): string {
  if (!words) return '';
  return (prefs.language === 'zh' ? words.zh : words.en) || words.name || words.zh || words.en || '';
}

export class Store {
  board = $state.raw<BoardState | null>(null);
  /** Units that stand on this desk's ground but are not in its journal view. */
  ground = $state.raw<ReadonlyMap<string, UnitCard>>(new Map());
  /** Journal events since this page was opened, newest last, for the timeline. */
  recent = $state.raw<readonly JournalEvent[]>([]);
  /** How many whole snapshots were taken: rights and register may have changed with each. */
  snapshots = $state(0);
  readonly positions = new Positions();
  /** True when the next connection must take a whole snapshot. */
  lost_place = false;
  private readonly listeners = new Set<Listener>();

  /** Hear journal events as they come (alerts, marks of change); returns the way to stop. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  takeSnapshot(board: Board): void {
    this.board = fromBoard(board);
    this.lost_place = false;
    this.snapshots += 1;
  }

  /** Reduce events; returns true when only a fresh snapshot is right. */
  takeEvents(events: readonly JournalEvent[]): boolean {
    if (!this.board) return true;
    const known = this.board.n;
    this.board = reduceEvents(this.board, events);
    const fresh = events.filter((event) => event.n > known);
    if (fresh.length) {
      this.recent = [...this.recent, ...fresh].slice(-2000);
      clock.learn(fresh[fresh.length - 1]!.at);
      this.listeners.forEach((listener) => listener(fresh));
    }
    return needsSnapshot(fresh);
  }

  /** Put the board to a state that a recording has reduced; nobody is told of events, for nothing happens now. */
  restore(state: BoardState): void {
    this.board = state;
  }

  takeSlots(slots: readonly SlotCard[], gone: readonly number[], whole: boolean): void {
    this.positions.takeSlots(slots, gone, whole);
    this.ground = new Map(this.positions.groundUnits().map((unit) => [unit.uid, unit]));
  }

  /** Make the next connection ask for a whole snapshot instead of resuming. */
  forgetPlace(): void {
    this.lost_place = true;
  }

  may(verb: string): boolean {
    return this.board?.me.may.includes(verb) ?? false;
  }

  unit(uid: string | null | undefined): UnitCard | undefined {
    return uid ? (this.board?.unit.get(uid) ?? this.ground.get(uid)) : undefined;
  }

  centre(uid: string | null | undefined): CentreCard | undefined {
    return uid ? this.board?.centre.get(uid) : undefined;
  }

  kind(code: string): KindCard | undefined {
    return this.board?.kinds.find((kind) => kind.code === code);
  }

  /** Orders that went out, oldest first. */
  ordersOf(incident_uid: string): OrderCard[] {
    const orders = [...(this.board?.order.values() ?? [])].filter((order) => order.incident === incident_uid && wasSent(order));
    return orders.sort((a, b) => a.sent_at.localeCompare(b.sent_at));
  }

  /** Orders that wait for a desk to send or discard them, oldest first. */
  proposalsOf(incident_uid: string): OrderCard[] {
    const orders = [...(this.board?.order.values() ?? [])].filter((order) => order.incident === incident_uid && order.state === 'proposed');
    return orders.sort((a, b) => a.sent_at.localeCompare(b.sent_at));
  }

  suggestionOf(incident: Pick<IncidentCard, 'uid'>): SuggestionCard | undefined {
    return this.board?.suggestion.get(incident.uid);
  }

  /** All units in sight, own and on the ground. */
  units(): UnitCard[] {
    const own = [...(this.board?.unit.values() ?? [])];
    return [...own, ...[...this.ground.values()].filter((unit) => !this.board?.unit.has(unit.uid))];
  }

  threshold(key: string, fallback: number): number {
    return this.board?.thresholds[key] ?? fallback;
  }

  /** After how many seconds a fix is how old, as this house has it. */
  bands(): AgeBands {
    return {
      live_s: this.threshold('fix_live_s', 30), ageing_s: this.threshold('fix_ageing_s', 120),
      ageing_foot_s: this.threshold('fix_ageing_foot_s', 300), stale_s: this.threshold('fix_stale_s', 600),
    };
  }

  /** IANA zone of the viewer's home centre. */
  zone(): string {
    return this.centre(this.board?.me.home)?.timezone ?? 'UTC';
  }
}
