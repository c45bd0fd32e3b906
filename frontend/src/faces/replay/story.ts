/** What belongs to one incident among a recording's entries, or everything when none is chosen. Pure. */
import type { AttachmentCard, CallCard, IncidentCard, NoteCard, OrderCard, RequestCard, SuggestionCard } from '../../contract/types';
import type { BoardState } from '../../core/board';
import type { RecordedEvent } from '../../core/recording';
import { wasSent } from '../../core/ladder';

export interface Told {
  event: RecordedEvent;
  at_ms: number;
}

interface Data {
  incident?: IncidentCard;
  call?: CallCard;
  order?: OrderCard;
  note?: NoteCard;
  attachment?: AttachmentCard;
  suggestion?: SuggestionCard;
  request?: RequestCard;
  [name: string]: unknown;
}

/** An entry's data by the names that cards have. */
export const dataOf = (event: RecordedEvent): Data => event.data as Data;

/** The uid of the incident that an entry is about, "" when of none. */
export function incidentOf(event: RecordedEvent): string {
  const data = dataOf(event);
  if (data.incident && typeof data.incident === 'object') return data.incident.uid;
  const card = data.order ?? data.note ?? data.attachment ?? data.suggestion ?? data.request ?? data.call;
  return card?.incident ?? (typeof data['incident_uid'] === 'string' ? data['incident_uid'] : '');
}

/** The entries of one incident with the calls that joined it, from their ringing on; every entry for null. */
export function storyOf(events: readonly RecordedEvent[], when_ms: readonly number[], incident: string | null): Told[] {
  const all = events.map((event, i) => ({ event, at_ms: when_ms[i]! }));
  if (incident === null) return all;
  const calls = new Set(events.flatMap((event) => (event.kind === 'call.joined' && incidentOf(event) === incident ? [dataOf(event).call!.uid] : [])));
  return all.filter(({ event }) => incidentOf(event) === incident || (dataOf(event).call && calls.has(dataOf(event).call!.uid)));
}

/** What was known of one incident at a moment, also after it was closed and had left the board. */
export interface Known {
  incident: IncidentCard | null;
  calls: CallCard[];
  orders: OrderCard[];
  notes: NoteCard[];
  photos: AttachmentCard[];
  list: SuggestionCard | undefined;
}

/** The newest card of everything of an incident up to a moment: what the board had at the beginning, then its story. */
export function knownAt(base: BoardState, story: readonly Told[], incident: string, at_ms: number): Known {
  const of = <C extends { uid: string; incident: string | null }>(cards: ReadonlyMap<string, C>): Map<string, C> =>
    new Map([...cards.values()].filter((card) => card.incident === incident).map((card) => [card.uid, card]));
  const [calls, orders, notes, photos] = [of(base.call), of(base.order), of(base.note), of(base.attachment)];
  const known: Known = { incident: base.incident.get(incident) ?? null, calls: [], orders: [], notes: [], photos: [], list: base.suggestion.get(incident) };
  for (const { event, at_ms: told_ms } of story) {
    if (told_ms > at_ms) break;
    const data = dataOf(event);
    if (data.incident) known.incident = data.incident;
    if (data.order) orders.set(data.order.uid, data.order);
    if (data.note) notes.set(data.note.uid, data.note);
    if (data.attachment) photos.set(data.attachment.uid, data.attachment);
    if (data.call) calls.set(data.call.uid, data.call);
    if (data.suggestion) known.list = data.suggestion;
  }
  known.calls = [...calls.values()].filter((call) => call.incident === incident);
  known.orders = [...orders.values()].filter(wasSent).sort((a, b) => a.sent_at.localeCompare(b.sent_at));
  known.notes = [...notes.values()].sort((a, b) => a.written_at.localeCompare(b.written_at));
  known.photos = [...photos.values()].sort((a, b) => a.received_at.localeCompare(b.received_at));
  return known;
}
