/** The desk's own state: what is chosen, frozen, focused, being typed; and the words of the last act. Cards stay in the store. */
import { getContext, setContext } from 'svelte';
import type { CallCard, IncidentCard, OrderCard, SuggestionCard } from '../../contract/types';
import { code, t } from '../../core/i18n';
import type { LonLat } from '../../core/geo';
import { prefs } from '../../core/prefs.svelte';
import { clock } from '../../core/clock.svelte';
import type { App } from '../../core/start';
import { inWords } from '../../core/store.svelte';
import type { AgeBands } from '../../map/units';
import { leftSilent } from '../../core/ladder';
import { DistressWatch } from './help/watch.svelte';
import { waitingFor, type Waiting } from './between';
import { Talk } from './talk/talk.svelte';
import { byUrgency, joinable, standing, underTab, type Standing, type Tab } from './rows';

/** Where the keys go: digits act only on the card. */
export type Focus = 'card' | 'typing' | 'away';

/** A small panel that is open; at most one. */
export type Panel =
  | { kind: 'open'; point: LonLat; call: string | null }
  | { kind: 'call'; point: LonLat | null }
  /** A waiting call has no place yet: the next click on the map gives it one. */
  | { kind: 'place'; call: string }
  | { kind: 'camera'; uid: string; point: LonLat }
  | { kind: 'note' }
  | { kind: 'hold' }
  | { kind: 'close' }
  | { kind: 'feedback' }
  /** The sheet of all keys and commands. */
  | { kind: 'keys' }
  | LifePanel;

/** Panels of what goes between desks; `uid` names the thing it is about. */
export type LifePanel =
  | { kind: 'target' | 'transfer' | 'callback' | 'aid' }
  /** `voice`: a crew said "cannot" on the radio. */
  | { kind: 'refuse'; what: 'request' | 'transfer' | 'order'; uid: string }
  | { kind: 'report'; uid: string | null }
  | { kind: 'voice'; uid: string; verb: 'refuse' | 'clear'; inferred?: boolean }
  /** Incidents that were closed; `number`: the end of the one to begin with. */
  | { kind: 'closed'; number: string };

/** The last act: which key or click, its command, and how it went. */
export interface Echo {
  at_ms: number;
  key: string;
  command: string;
  outcome: 'sent' | 'done' | 'refused' | 'unanswered' | 'waiting';
}

/** A refusal, shown where the act was, until the next act there. */
export interface Refusal {
  where: 'card' | 'command' | 'panel' | 'queue';
  words: string;
}

/** Cameras of one's own centres that do not answer, as the server says it. `version`: another one means other tiles. */
export interface DeadCameras {
  count: number;
  cameras: { uid: string; code: string; name: string; since: string | null }[];
  version: string;
}

const KEY = Symbol('desk');
const SETTLE_MS = 400;
/** Who may do what others than a dispatcher may, for the words of a refusal; the table that decides is dispatch/access.py. */
const ROLES: readonly [verbs: readonly string[], roles: readonly string[]][] = [
  [['call.take', 'call.close', 'call.join', 'incident.open', 'incident.edit', 'incident.call_back', 'message.send', 'notice.acknowledge'], ['call_taker', 'dispatcher']],
  [['incident.reopen'], ['shift_commander', 'supervisor']],
  [['aid.grant'], ['shift_commander']],
  [['incident.close', 'distress.end'], ['dispatcher', 'shift_commander', 'supervisor']],
];

export class Desk {
  chosen = $state<string | null>(null);
  tab = $state<Tab>('all');
  focus = $state<Focus>('away');
  panel = $state.raw<Panel | null>(null);
  /** The photo that is open large, or null. */
  photo = $state<string | null>(null);
  echo = $state.raw<Echo | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  line = $state('');
  /** Units whose order is on its way to the server, by incident + unit. */
  sending = $state.raw<ReadonlySet<string>>(new Set());
  frozen = $state.raw<ReadonlyMap<string, SuggestionCard>>(new Map());
  /** How often R was pressed: what was refused is asked again then. */
  refreshes = $state(0);
  mapMoved = $state(false);
  keyHeld = $state(false);
  /** On small screens the timeline takes the cameras' place while this is on. */
  story = $state(false);
  found = $state.raw<string | null>(null);
  /** A place somebody asked to be shown: the map goes there once. */
  goTo = $state.raw<LonLat | null>(null);
  /** The distress whose outcome is being chosen. */
  ending = $state<string | null>(null);
  /** The middle of the map as it stands; null while there is none. */
  mapCentre: () => LonLat | null = () => null;
  readonly watch: DistressWatch;
  readonly talk: Talk;
  /** null: not known, which is not zero. */
  dead = $state.raw<DeadCameras | null>(null);
  /** Keys of decisions whose answer was lost, by what was asked. */
  readonly unanswered = new Map<string, { key: string; at_ms: number }>();
  private kept: string[] = [];
  /** When this screen first showed what waits for a key, by uid; browser ms. */
  private readonly shownAt = new Map<string, number>();

  constructor(readonly app: App) {
    this.watch = new DistressWatch(app);
    this.talk = new Talk(app);
  }

  get store() {
    return this.app.store;
  }

  get me(): string {
    return this.store.board?.me.person.uid ?? '';
  }

  /** The centre this desk sits at: what is ordered, copied, offered or reported to it waits here. */
  get home(): string | null {
    return this.store.board?.me.home ?? null;
  }

  waiting = $derived.by((): Waiting[] => (this.app.store.board ? waitingFor(this.app.store.board, this.app.store.board.me.home) : []));

  incident = $derived.by((): IncidentCard | null => (this.chosen ? (this.app.store.board?.incident.get(this.chosen) ?? null) : null));
  orders = $derived.by((): OrderCard[] => (this.incident ? this.app.store.ordersOf(this.incident.uid) : []));
  activeOrders = $derived(this.orders.filter((order) => order.active));
  /** What Z, V and U act on: the newest order under way, else the one that met silence to the end and may still be answered. */
  inHand = $derived(this.activeOrders[this.activeOrders.length - 1] ?? leftSilent(this.orders)[0]);
  /** The list that the digits belong to, and the newest one. */
  list = $derived.by((): SuggestionCard | undefined => (this.chosen ? (this.frozen.get(this.chosen) ?? this.newest) : undefined));
  newest = $derived.by((): SuggestionCard | undefined => (this.incident ? this.app.store.suggestionOf(this.incident) : undefined));
  calls = $derived.by((): CallCard[] => [...(this.app.store.board?.call.values() ?? [])].filter((call) => call.incident === this.chosen));
  matches = $derived.by(() => (this.incident ? joinable(this.incident, this.app.store.board?.call.values() ?? []) : []));

  /** Every incident with how it stands; most urgent first, order kept while a key is down. */
  queue = $derived.by((): { incident: IncidentCard; how: Standing }[] => {
    const { board } = this.app.store;
    if (!board) return [];
    const now = clock.now_ms;
    const all = [...board.incident.values()].sort(byUrgency);
    if (this.keyHeld) all.sort((a, b) => this.rank(a.uid) - this.rank(b.uid));
    else this.kept = all.map((one) => one.uid);
    return all.map((incident) => ({ incident, how: this.standing(incident, now) }));
  });
  shown = $derived(this.queue.filter(({ incident, how }) => underTab(this.tab, incident, how, this.me)));
  /** This desk's own incidents: what its counts and its window title go by. */
  own = $derived(this.queue.filter(({ how }) => how !== 'theirs'));
  openCalls = $derived.by((): CallCard[] => [...(this.app.store.board?.call.values() ?? [])].filter((call) => call.state === 'open' && !call.incident));

  bands = $derived.by((): AgeBands => this.app.store.bands());

  standing(incident: IncidentCard, now_ms: number): Standing {
    const limit = this.store.threshold(incident.level === 1 ? 'order_out_level1_s' : 'order_out_s', incident.level === 1 ? 60 : 120);
    return standing(incident, this.store.ordersOf(incident.uid), this.store.suggestionOf(incident), { order_out_s: limit }, now_ms);
  }

  choose(uid: string | null): void {
    this.chosen = uid;
    this.refusal = null;
    if (this.panel && this.panel.kind !== 'call') this.panel = null;
    this.freeze();
  }

  /** Keep the list under the digits as it is; an empty one follows the newest, because no key can hit it. */
  freeze(): void {
    const { newest, chosen } = this;
    if (!newest || !chosen) return;
    const kept = this.frozen.get(chosen);
    const open = !kept || (!kept.units.length && kept.number !== newest.number);
    if (open) this.frozen = new Map(this.frozen).set(chosen, newest);
  }

  /** R: take the newest list. */
  refresh(): void {
    this.refreshes += 1;
    if (this.newest && this.chosen) this.frozen = new Map(this.frozen).set(this.chosen, this.newest);
  }

  /** Note what stands there now; what is gone is forgotten. */
  noteShown(uids: readonly string[]): void {
    const now = performance.now();
    for (const uid of this.shownAt.keys()) if (!uids.includes(uid)) this.shownAt.delete(uid);
    for (const uid of uids) if (!this.shownAt.has(uid)) this.shownAt.set(uid, now);
  }

  /** False for what has only just appeared: a finger that was on its way to something else shall not hit it. */
  settled(uid: string): boolean {
    void clock.now_ms;
    const since = this.shownAt.get(uid);
    return since !== undefined && performance.now() - since >= SETTLE_MS;
  }

  setSending(key: string, on: boolean): void {
    const next = new Set(this.sending);
    if (on) next.add(key);
    else next.delete(key);
    this.sending = next;
  }

  /** Why a verb cannot be used now, or '' when it can. The verb stays visible either way. */
  whyNot(verb: string): string {
    if (!this.store.board) return t('boot.waiting');
    return this.store.may(verb) ? '' : t('why.may_not', { roles: this.rolesFor(verb) });
  }

  kindName(incident: { kind: string }): string {
    const kind = this.store.kind(incident.kind);
    return kind ? inWords(kind.name) : incident.kind;
  }

  private rank(uid: string): number {
    const at = this.kept.indexOf(uid);
    return at < 0 ? this.kept.length : at;
  }

  private rolesFor(verb: string): string {
    const roles = ROLES.find(([verbs]) => verbs.includes(verb))?.[1] ?? ['dispatcher', 'shift_commander'];
    return roles.map((role) => code('role', role)).join(prefs.language === 'zh' ? '、' : ', ');
  }
}

export function provideDesk(desk: Desk): void {
  setContext(KEY, desk);
}

export function useDesk(): Desk {
  return getContext<Desk>(KEY);
}
