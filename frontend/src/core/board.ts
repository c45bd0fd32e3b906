/** The reducers: board before + events = board after. Pure; a snapshot alone is always right, events make it fresh. */
import catalogue from '../contract/catalogue.json';
import type {
  AidInForce, AttachmentCard, Board, CallCard, CannedCard, CentreCard, DistressCard, IncidentCard, KindCard, MeCard, MessageCard, NoteCard, NoticeCard, OrderCard, PostCard, ReportCard, RequestCard,
  SuggestionCard, UnitCard,
} from '../contract/types';
import type { JournalEvent } from './wire';

export interface Cards {
  centre: CentreCard;
  unit: UnitCard;
  post: PostCard;
  incident: IncidentCard;
  call: CallCard;
  order: OrderCard;
  note: NoteCard;
  attachment: AttachmentCard;
  suggestion: SuggestionCard;
  request: RequestCard;
  distress: DistressCard;
  notice: NoticeCard;
  report: ReportCard;
  aid: AidInForce;
  message: MessageCard;
}
export type CardName = keyof Cards;
export type Collections = { [N in CardName]: ReadonlyMap<string, Cards[N]> };

/** Everything the screens know from the journal, keyed by uid; suggestions by their incident (one packet each). */
export interface BoardState extends Collections {
  epoch: number;
  n: number;
  at: string;
  me: MeCard;
  kinds: KindCard[];
  canned: CannedCard[];
  thresholds: Record<string, number>;
}

const PLURAL = {
  centre: 'centres', unit: 'units', post: 'posts', incident: 'incidents', call: 'calls', order: 'orders', note: 'notes',
  attachment: 'attachments', suggestion: 'suggestions', request: 'requests', distress: 'distresses', notice: 'notices', report: 'reports', aid: 'aids',
  message: 'messages',
} as const satisfies Record<CardName, keyof Board>;
const BELONGS = ['call', 'order', 'note', 'attachment', 'suggestion', 'request', 'notice', 'report'] as const;

interface Rule {
  card: string | null;
  removes: string | null;
}
const RULES = catalogue.events as Record<string, Rule>;

type Any = Cards[CardName];
type Drafts = Partial<Record<CardName, Map<string, Any>>>;

const keyOf = (name: CardName, card: Any): string => (name === 'suggestion' ? (card as SuggestionCard).incident : card.uid);

/** Turn a snapshot into the keyed state. */
export function fromBoard(board: Board): BoardState {
  const state: Record<string, unknown> = {
    epoch: board.epoch, n: board.n, at: board.at, me: board.me, kinds: board.kinds, canned: board.canned ?? [], thresholds: board.thresholds,
  };
  for (const [name, plural] of Object.entries(PLURAL) as [CardName, keyof Board][]) {
    const cards = (board[plural] ?? []) as Any[];
    state[name] = new Map(cards.map((card) => [keyOf(name, card), card]));
  }
  return state as unknown as BoardState;
}

/** Turn the state back into a snapshot's shape, sorted by uid: for comparing in tests. */
export function cardsOf(state: BoardState): Record<string, Any[]> {
  const entries = Object.entries(PLURAL) as [CardName, string][];
  return Object.fromEntries(
    entries.map(([name, plural]) => [plural, [...state[name].values()].sort((a, b) => a.uid.localeCompare(b.uid))]),
  );
}

function draft(state: BoardState, drafts: Drafts, name: CardName): Map<string, Any> {
  return (drafts[name] ??= new Map<string, Any>(state[name] as ReadonlyMap<string, Any>));
}

function remove(state: BoardState, drafts: Drafts, name: CardName, uid: string): void {
  const cards = draft(state, drafts, name);
  if (name === 'suggestion') {
    for (const [key, card] of cards) if (card.uid === uid || key === uid) cards.delete(key);
  } else {
    cards.delete(uid);
  }
  if (name !== 'incident') return;
  for (const other of BELONGS) {
    const belongings = draft(state, drafts, other);
    for (const [key, card] of belongings) if ((card as { incident?: string | null }).incident === uid) belongings.delete(key);
  }
}

function isCardName(name: string): name is CardName {
  return name in PLURAL;
}

function apply(state: BoardState, drafts: Drafts, event: JournalEvent): void {
  const rule = RULES[event.kind];
  if (!rule) return;
  const card = rule.card ? (event.data[rule.card] as Any | undefined) : undefined;
  if (rule.removes && isCardName(rule.removes)) {
    const uid = (event.data['removed_uid'] as string | undefined) ?? card?.uid;
    if (uid) remove(state, drafts, rule.removes, uid);
    return;
  }
  if (card && rule.card && isCardName(rule.card)) draft(state, drafts, rule.card).set(keyOf(rule.card, card), card);
}

/** Apply events in journal order. Events at or before the state's own number are known already and change nothing. */
export function reduceEvents(state: BoardState, events: readonly JournalEvent[]): BoardState {
  const drafts: Drafts = {};
  let { n, at } = state;
  for (const event of events) {
    if (event.n <= n) continue;
    apply(state, drafts, event);
    n = event.n;
    at = event.at;
  }
  return n === state.n ? state : ({ ...state, ...drafts, n, at } as BoardState);
}

/** Event kinds after which only a fresh snapshot is right: rights, tree, kinds or thresholds changed. */
const AFRESH = new Set(['assignment.granted', 'assignment.ended', 'centre.changed', 'area.changed', 'kind.changed', 'canned.changed', 'threshold.changed', 'epoch.begun']);

/** True when these events change what a snapshot carries outside of cards. */
export function needsSnapshot(events: readonly JournalEvent[]): boolean {
  return events.some((event) => AFRESH.has(event.kind));
}
