/** What belongs to one incident among a recording's entries, or everything when none is chosen. Pure. */
import type { CallCard, IncidentCard, NoteCard, OrderCard, RequestCard, SuggestionCard } from '../../contract/types';
import type { RecordedEvent } from '../../core/recording';

export interface Told {
  event: RecordedEvent;
  at_ms: number;
}

interface Data {
  incident?: IncidentCard;
  call?: CallCard;
  order?: OrderCard;
  note?: NoteCard;
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
  const card = data.order ?? data.note ?? data.suggestion ?? data.request ?? data.call;
  return card?.incident ?? (typeof data['incident_uid'] === 'string' ? data['incident_uid'] : '');
}

/** The entries of one incident with the calls that joined it, from their ringing on; every entry for null. */
export function storyOf(events: readonly RecordedEvent[], when_ms: readonly number[], incident: string | null): Told[] {
  const all = events.map((event, i) => ({ event, at_ms: when_ms[i]! }));
  if (incident === null) return all;
  const calls = new Set(events.flatMap((event) => (event.kind === 'call.joined' && incidentOf(event) === incident ? [dataOf(event).call!.uid] : [])));
  return all.filter(({ event }) => incidentOf(event) === incident || (dataOf(event).call && calls.has(dataOf(event).call!.uid)));
}
