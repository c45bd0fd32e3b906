/**
 * The recording: what the feed is for the live screens, from the journal of a past time. It fills the same store through the
 * same reducers; where the feed only goes on, it can be set to any moment (`seek`), forward or back.
 */
import type { EpochMark, Recording as Head, UnitCard } from '../contract/types';
import type { Api } from './api';
import { fromBoard, reduceEvents, type BoardState } from './board';
import type { Store } from './store.svelte';
import { countUpTo, decodePart, Tracks, type Kept } from './tracks';
import type { JournalEvent, SlotCard } from './wire';

/** An entry; `erased` names the retention classes that a rule took from it. */
export interface RecordedEvent extends JournalEvent {
  erased?: string[];
}

/** Entries between two kept states: a seek reduces at most so many. */
const KEYFRAME = 256;

export class Recording {
  readonly tracks = new Tracks();
  readonly events: RecordedEvent[] = [];
  /** When each entry shows: never before the one with the number below it. */
  readonly when_ms: number[] = [];
  readonly begins_ms: number;
  readonly ends_ms: number;
  readonly epochs: readonly EpochMark[];
  /** uid of a card → retention classes that a rule took from it. */
  readonly erased = new Map<string, readonly string[]>();
  /** All entries are here. */
  whole = false;
  private readonly keyframes: BoardState[];
  private shown = -1;
  private in_sight = '';

  constructor(readonly head: Head, private readonly store: Store) {
    this.begins_ms = Date.parse(head.replay.begins ?? head.board.at);
    this.ends_ms = Date.parse(head.replay.ends ?? head.board.at);
    this.epochs = head.epochs;
    this.keyframes = [fromBoard(head.board)];
    for (const [uid, classes] of Object.entries(head.erased)) this.erased.set(uid, classes);
  }

  /** Take the next entries, in the order of their numbers. */
  addEvents(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      const known = this.when_ms[this.when_ms.length - 1] ?? this.begins_ms;
      this.when_ms.push(Math.max(known, Date.parse(event.at)));
      this.events.push(event);
      this.noteErased(event);
      if (this.events.length % KEYFRAME === 0) {
        const last = this.keyframes[this.keyframes.length - 1]!;
        this.keyframes.push(reduceEvents(last, this.events.slice(-KEYFRAME)));
      }
    }
  }

  /** How many entries show at a moment. */
  countAt(at_ms: number): number {
    return countUpTo(this.when_ms, at_ms);
  }

  /** The board at a moment, from the keyframe before it. */
  stateAt(at_ms: number): BoardState {
    return this.stateAfter(this.countAt(at_ms));
  }

  /** Put the store to a moment: board, positions, which neighbours' units stand on the ground. */
  seek(at_ms: number): void {
    const count = this.countAt(at_ms);
    if (count !== this.shown) {
      const { board } = this.store;
      const near = board && this.shown >= 0 && count > this.shown && count - this.shown <= KEYFRAME;
      this.store.restore(near ? reduceEvents(board, this.events.slice(this.shown, count)) : this.stateAfter(count));
      this.shown = count;
    }
    this.place(at_ms);
  }

  private stateAfter(count: number): BoardState {
    const frame = Math.min(Math.floor(count / KEYFRAME), this.keyframes.length - 1);
    return reduceEvents(this.keyframes[frame]!, this.events.slice(frame * KEYFRAME, count));
  }

  private place(at_ms: number): void {
    const slots: SlotCard[] = [];
    const fixes: Kept[] = [];
    for (const track of this.tracks.of.values()) {
      const own = this.store.board?.unit.get(track.unit);
      const unit: UnitCard | undefined = own ?? this.tracks.cardAt(track, at_ms);
      const fix = unit ? this.tracks.fixAt(track, at_ms) : undefined;
      if (!unit || (!own && !fix)) continue;
      slots.push({ slot: track.slot, unit });
      if (fix) fixes.push(fix);
    }
    // Cards are replaced whole, so the same objects mean the same units in sight.
    const in_sight = slots.map(({ slot, unit }) => `${slot}.${unit.version}.${unit.state}`).join();
    if (in_sight !== this.in_sight) this.store.takeSlots(slots, [], true);
    this.in_sight = in_sight;
    this.store.positions.put(fixes);
  }

  private noteErased(event: RecordedEvent): void {
    if (!event.erased?.length) return;
    for (const card of Object.values(event.data)) {
      const uid = (card as { uid?: string } | null)?.uid;
      if (uid) this.erased.set(uid, event.erased);
    }
  }
}

interface EntriesPage {
  entries: RecordedEvent[];
  next: number | null;
}

/** What a page of a replay needs of the network. */
export interface Source {
  get: Api['get'];
  bytes: (path: string, signal?: AbortSignal) => Promise<ArrayBuffer>;
}

/** Load a recording: its beginning, then entries and tracks beside one another. `onMore` after each piece. Stops with the signal. */
export async function load(source: Source, store: Store, uid: string, onHead: (recording: Recording) => void, onMore: () => void, signal: AbortSignal): Promise<Recording> {
  const recording = new Recording(await source.get<Head>(`/replays/${uid}`, signal), store);
  onHead(recording);
  await Promise.all([loadEvents(source, recording, uid, onMore, signal), loadTracks(source, recording, uid, onMore, signal)]);
  return recording;
}

async function loadEvents(source: Source, recording: Recording, uid: string, onMore: () => void, signal: AbortSignal): Promise<void> {
  let after: number | null = 0;
  while (after !== null) {
    const page: EntriesPage = await source.get<EntriesPage>(`/replays/${uid}/entries?after=${after}`, signal);
    recording.addEvents(page.entries);
    after = page.next;
    recording.whole = after === null;
    onMore();
  }
}

async function loadTracks(source: Source, recording: Recording, uid: string, onMore: () => void, signal: AbortSignal): Promise<void> {
  for (let part = 0; part < recording.head.parts; part += 1) {
    recording.tracks.add(decodePart(await source.bytes(`/replays/${uid}/tracks/${part}`, signal)));
    onMore();
  }
}
