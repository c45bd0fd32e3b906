/** State of the replay page: which moment is shown, what is chosen, and everything read out of the recording for it. */
import { getContext, setContext } from 'svelte';
import type { AttachmentCard, CallCard, IncidentCard, NoteCard, OrderCard, SuggestionCard } from '../../contract/types';
import type { Recording } from '../../core/recording';
import { clock } from '../../core/clock.svelte';
import { wasSent } from '../../core/ladder';
import type { App } from '../../core/start';
import { countUpTo, type Span } from '../../core/tracks';
import type { AgeBands } from '../../map/units';
import { lanesOf } from './lanes';
import { markAt, marksOf, neighbour, type Silence } from './marks';
import { knownAt, storyOf } from './story';

export const SPEEDS = [1, 4, 10, 30, 120] as const;
/** Beats of the scrub clock; who asked for less motion gets one a second. */
const BEAT_MS = 125;
const CALM_BEAT_MS = 1000;
const KEY = Symbol('replay');

export class Replay {
  at_ms = $state(0);
  playing = $state(false);
  speed = $state<number>(1);
  /** Chosen incident; null: everything of the time. */
  chosen = $state<string | null>(null);
  followed = $state<string | null>(null);
  mapMoved = $state(false);
  /** Grows with each piece that was loaded: what is read out of the recording is read again. */
  pieces = $state(0);
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(readonly app: App, readonly recording: Recording) {
    this.chosen = recording.head.replay.incident ?? null;
    this.at_ms = recording.begins_ms;
    this.show(this.at_ms);
  }

  get store() {
    return this.app.store;
  }
  get begins_ms(): number {
    return this.recording.begins_ms;
  }
  get ends_ms(): number {
    return this.recording.ends_ms;
  }

  zone = $derived.by(() => this.app.store.centre(this.app.store.board?.me.home)?.timezone ?? this.app.boot.timezone);
  gap_s = $derived.by(() => this.app.store.threshold('fix_live_s', 30));
  private late_s = $derived.by(() => this.app.store.threshold('sign_amber_s', 60));
  bands = $derived.by((): AgeBands => this.app.store.bands());

  private whole = $derived.by(() => {
    void this.pieces;
    return storyOf(this.recording.events, this.recording.when_ms, null);
  });
  story = $derived.by(() => (this.chosen ? storyOf(this.whole.map(({ event }) => event), this.whole.map(({ at_ms }) => at_ms), this.chosen) : this.whole));
  /** The newest card of the chosen incident anywhere in the recording: for its title before it was opened and after it was closed. */
  subject = $derived.by((): IncidentCard | null => {
    const told = this.story.flatMap(({ event }) => (event.data['incident'] && (event.data['incident'] as IncidentCard).uid === this.chosen ? [event.data['incident'] as IncidentCard] : []));
    return told[told.length - 1] ?? (this.chosen ? (this.recording.stateAt(this.begins_ms - 1).incident.get(this.chosen) ?? null) : null);
  });
  /** What was known of the chosen incident at this moment; after its end, what was known last. */
  private known = $derived.by(() => (this.chosen ? knownAt(this.recording.stateAt(this.begins_ms - 1), this.story, this.chosen, this.at_ms) : null));
  incident = $derived.by((): IncidentCard | null => this.known?.incident ?? null);
  orders = $derived.by((): OrderCard[] => this.known?.orders ?? []);
  calls = $derived.by((): CallCard[] => this.known?.calls ?? []);
  notes = $derived.by((): NoteCard[] => this.known?.notes ?? []);
  photos = $derived.by((): AttachmentCard[] => this.known?.photos ?? []);
  list = $derived.by((): SuggestionCard | undefined => this.known?.list);
  /** Units that were ordered to the chosen incident, by their uid. */
  sent = $derived.by((): Map<string, string> => new Map(this.story.flatMap(({ event }) => {
    const order = event.data['order'] as OrderCard | undefined;
    return order?.unit && wasSent(order) ? [[order.unit, order.target_name] as const] : [];
  })));

  gapsOf = (unit: string): Span[] => {
    const track = this.recording.tracks.of.get(unit);
    const end_ms = Math.min(this.ends_ms, this.recording.tracks.known_to_ms);
    return track ? this.recording.tracks.gaps(track, this.gap_s, end_ms) : [];
  };
  /** Gaps of the ordered units, while they were under an order. */
  private silences = $derived.by((): Silence[] => {
    void this.pieces;
    return [...this.sent].map(([unit, call_sign]) => {
      const spans = this.gapsOf(unit);
      const track = this.recording.tracks.of.get(unit);
      const late = spans.map(([from, to]) => (track ? countUpTo(track.fix_ms, to - 1) - countUpTo(track.fix_ms, from) : 0));
      return { call_sign, spans, late };
    });
  });
  gaps = $derived.by(() => this.silences.reduce((sum, { spans }) => sum + spans.length, 0));
  marks = $derived.by(() => marksOf(this.story, this.silences, this.recording.epochs, this.ends_ms, this.chosen === null));
  mark = $derived.by(() => markAt(this.marks, this.at_ms));
  lanes = $derived.by(() => lanesOf(this.story, this.whole, {
    incident: this.chosen, number: this.subject?.number ?? '', end_ms: this.ends_ms, late_s: this.late_s, gapsOf: this.gapsOf,
  }));

  /** Put everything to a moment. */
  seek(at_ms: number): void {
    this.show(Math.min(this.ends_ms, Math.max(this.begins_ms, at_ms)));
    if (this.at_ms >= this.ends_ms) this.pause();
  }
  step(by_ms: number): void {
    this.seek(this.at_ms + by_ms);
  }
  jump(by: -1 | 1): void {
    const at = neighbour(this.marks, this.at_ms, by);
    if (at !== null) this.seek(at);
  }
  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }
  pause(): void {
    this.playing = false;
    clearInterval(this.timer);
  }
  /** Leave the recording: the page's clock goes on. */
  end(): void {
    this.pause();
    clock.letGo();
  }
  /** Another piece was loaded: the moment shown may look otherwise now. */
  more(): void {
    this.pieces += 1;
    this.show(this.at_ms);
  }
  /** F: the unit of the next order of the chosen incident, in turn; then none. */
  follow(): void {
    const units = [...this.sent.keys()];
    const next = units[units.indexOf(this.followed ?? '') + 1];
    this.followed = next ?? null;
  }
  choose(uid: string | null): void {
    this.chosen = uid;
    this.followed = null;
    this.mapMoved = false;
  }

  private play(): void {
    if (this.at_ms >= this.ends_ms) this.show(this.begins_ms);
    this.playing = true;
    const beat_ms = matchMedia('(prefers-reduced-motion: reduce)').matches ? CALM_BEAT_MS : BEAT_MS;
    let last = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      this.step((now - last) * this.speed);
      last = now;
    }, beat_ms);
  }
  private show(at_ms: number): void {
    this.at_ms = at_ms;
    this.recording.seek(at_ms);
    clock.hold(at_ms);
  }
}

export function provideReplay(replay: Replay): void {
  setContext(KEY, replay);
}

export function useReplay(): Replay {
  return getContext<Replay>(KEY);
}
