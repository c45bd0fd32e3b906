/** Where units were, out of the server's integer columns (geo/columns.py, dispatch/queries/replay_tracks.py). Nothing is filled in. */
import type { PartHead, TrackHead, UnitCard } from '../contract/types';
import type { LonLat } from './geo';
import type { Fix } from './positions';

const NOT_KNOWN = 255;
/** geo.fixes: implausible speed or poor accuracy. */
const DOUBTFUL = 1 | 2;
const COLUMNS = 7;

export type Span = readonly [begin_ms: number, end_ms: number];

/** One unit's points, oldest first by their own time. `spans`: when it was in sight; `duty`: when on duty. */
export interface Track {
  unit: string;
  slot: number;
  fix_ms: Float64Array;
  received_ms: Float64Array;
  lon: Float64Array;
  lat: Float64Array;
  speed: Uint8Array;
  heading: Uint8Array;
  flags: Uint8Array;
  spans: Span[];
  duty: Span[];
  cards: [number, UnitCard][];
  /** Points by the time of their arrival, and the newest point known once so many had arrived. */
  arrived_ms: Float64Array;
  newest: Int32Array;
}

/** Read `count` zigzag varints; plain numbers, because differences of times outgrow 32 bits. Throws on a cut column. */
export function readVarints(bytes: Uint8Array, count: number): Float64Array {
  const out = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('tracks: cut column');
      value += (byte & 127) * scale;
      if (byte < 128) break;
      scale *= 128;
    }
    out[i] = value % 2 ? -(value + 1) / 2 : value / 2;
  }
  if (at !== bytes.length) throw new Error('tracks: column too long');
  return out;
}

/** Running sums of `count` differences from `start` on, times `scale`, from `base`. */
function summed(steps: Float64Array, start: number, count: number, scale: number, base = 0): Float64Array {
  const out = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    sum += steps[start + i]!;
    out[i] = base + sum * scale;
  }
  return out;
}

export interface Part {
  begins_ms: number;
  ends_ms: number;
  tracks: Track[];
}

/** Decode one part; throws when it is not what it says it is. */
export function decodePart(buffer: ArrayBuffer): Part {
  const size = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size))) as PartHead;
  if (head.sizes.length !== COLUMNS) throw new Error('tracks: unknown columns');
  const total = head.units.reduce((sum, unit) => sum + unit.count, 0);
  if (4 + size + head.sizes.reduce((sum, length) => sum + length, 0) !== buffer.byteLength) throw new Error('tracks: cut part');
  let offset = 4 + size;
  const columns = head.sizes.map((length) => {
    const column = new Uint8Array(buffer, offset, length);
    offset += length;
    return column;
  });
  const [fix, lag, lon, lat] = columns.slice(0, 4).map((column) => readVarints(column, total)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  let start = 0;
  const tracks = head.units.map((unit: TrackHead): Track => {
    const { count } = unit;
    const fix_ms = summed(fix, start, count, 100, head.base_ms);
    const late_ms = summed(lag, start, count, 100);
    const bytes = (column: number): Uint8Array => columns[column]!.slice(start, start + count);
    const track = arrange({
      unit: unit.unit, slot: unit.slot, fix_ms, received_ms: fix_ms.map((at, i) => at + late_ms[i]!),
      lon: summed(lon, start, count, 1e-6), lat: summed(lat, start, count, 1e-6), speed: bytes(4), heading: bytes(5), flags: bytes(6),
      spans: unit.spans, duty: unit.duty, cards: (unit.cards ?? []) as unknown as [number, UnitCard][],
    });
    start += count;
    return track;
  });
  return { begins_ms: head.begins_ms, ends_ms: head.ends_ms, tracks };
}

/** Add the order of arrival: who looks at a moment knows only what had come by then. */
function arrange(bare: Omit<Track, 'arrived_ms' | 'newest'>): Track {
  const order = Int32Array.from(bare.fix_ms.keys()).sort((a, b) => bare.received_ms[a]! - bare.received_ms[b]! || a - b);
  const newest = new Int32Array(order.length);
  let best = -1;
  order.forEach((point, i) => {
    best = Math.max(best, point);
    newest[i] = best;
  });
  return { ...bare, arrived_ms: Float64Array.from(order, (point) => bare.received_ms[point]!), newest };
}

const joined = <T extends Float64Array | Uint8Array>(a: T, b: T): T => {
  const out = new (a.constructor as new (length: number) => T)(a.length + b.length);
  out.set(a as never);
  out.set(b as never, a.length);
  return out;
};

/** Spans that touch become one: a part's edge is no end. */
export function joinSpans(a: readonly Span[], b: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const [begin, end] of [...a, ...b].sort((x, y) => x[0] - y[0])) {
    const last = out[out.length - 1];
    if (last && begin <= last[1]) out[out.length - 1] = [last[0], Math.max(last[1], end)];
    else out.push([begin, end]);
  }
  return out;
}

function merge(a: Track, b: Track): Track {
  return arrange({
    unit: a.unit, slot: a.slot, fix_ms: joined(a.fix_ms, b.fix_ms), received_ms: joined(a.received_ms, b.received_ms), lon: joined(a.lon, b.lon),
    lat: joined(a.lat, b.lat), speed: joined(a.speed, b.speed), heading: joined(a.heading, b.heading), flags: joined(a.flags, b.flags),
    spans: joinSpans(a.spans, b.spans), duty: joinSpans(a.duty, b.duty), cards: [...a.cards, ...b.cards],
  });
}

/** How many of the sorted values are at or below `limit`. */
export function countUpTo(sorted: ArrayLike<number>, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

const holding = (spans: readonly Span[], at_ms: number): Span | undefined => spans.find(([begin, end]) => begin <= at_ms && at_ms < end);

/** A fix of a recording, with both of its times. */
export interface Kept extends Fix {
  received_ms: number;
  late: boolean;
}

/** All tracks of a recording, part by part. */
export class Tracks {
  readonly of = new Map<string, Track>();
  /** Everything before is known (Unix ms); -Infinity while nothing came. */
  known_to_ms = -Infinity;

  add(part: Part): void {
    for (const track of part.tracks) {
      const before = this.of.get(track.unit);
      this.of.set(track.unit, before ? merge(before, track) : track);
    }
    this.known_to_ms = part.ends_ms;
  }

  /** The newest fix that had arrived at `at_ms`, of the duty of then, while the unit was in sight. Never a place between two fixes. */
  fixAt(track: Track, at_ms: number): Kept | undefined {
    const duty = holding(track.duty, at_ms);
    if (!duty || !holding(track.spans, at_ms)) return undefined;
    const count = countUpTo(track.arrived_ms, at_ms);
    const point = count ? track.newest[count - 1]! : -1;
    return point >= 0 && track.fix_ms[point]! >= duty[0] ? pointOf(track, point) : undefined;
  }

  /** The card of a unit that is seen by ground only, as it was at `at_ms`; undefined when it was not in sight. */
  cardAt(track: Track, at_ms: number): UnitCard | undefined {
    if (!track.cards.length || !holding(track.spans, at_ms)) return undefined;
    return [...track.cards].reverse().find(([since]) => since <= at_ms)?.[1] ?? track.cards[0]![1];
  }

  /** The points between two times that had arrived by `to_ms`, by their own time. */
  trail(track: Track, from_ms: number, to_ms: number): Kept[] {
    const out: Kept[] = [];
    for (let i = countUpTo(track.fix_ms, from_ms - 1); i < track.fix_ms.length && track.fix_ms[i]! <= to_ms; i += 1) {
      if (track.received_ms[i]! <= to_ms) out.push(pointOf(track, i));
    }
    return out;
  }

  /** When nothing arrived for longer than `gap_s` while the unit was on duty and in sight, from the last arrival on, up to `end_ms`. */
  gaps(track: Track, gap_s: number, end_ms: number): Span[] {
    const out: Span[] = [];
    for (const [from, to] of track.duty) {
      for (const [begin, end] of track.spans) {
        const [first, last] = [Math.max(from, begin), Math.min(to, end, end_ms)];
        let before = first;
        for (let i = countUpTo(track.arrived_ms, first); i <= track.arrived_ms.length; i += 1) {
          const at = Math.min(track.arrived_ms[i] ?? last, last);
          if (at - before > gap_s * 1000) out.push([before, at]);
          before = Math.max(before, at);
          if (at >= last) break;
        }
      }
    }
    return out;
  }

  /** How many fixes arrived in each of `bins` equal parts of a time. */
  arrivals(begin_ms: number, end_ms: number, bins: number): Uint32Array {
    const out = new Uint32Array(bins);
    const width = (end_ms - begin_ms) / bins;
    for (const { arrived_ms } of this.of.values()) {
      for (const at of arrived_ms) {
        const bin = Math.floor((at - begin_ms) / width);
        if (bin >= 0 && bin < bins) out[bin]! += 1;
      }
    }
    return out;
  }
}

function pointOf(track: Track, i: number): Kept {
  const [speed, heading, flags] = [track.speed[i]!, track.heading[i]!, track.flags[i]!];
  const point: LonLat = [track.lon[i]!, track.lat[i]!];
  return {
    slot: track.slot, point, speed_mps: speed === NOT_KNOWN ? null : speed / 2, heading_deg: heading === NOT_KNOWN ? null : (heading * 360) / 250,
    fix_ms: track.fix_ms[i]!, received_ms: track.received_ms[i]!, inferred: false, voice: false, doubtful: (flags & DOUBTFUL) !== 0,
    late: (flags & 4) !== 0,
  };
}
