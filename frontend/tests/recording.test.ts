import { beforeEach, describe, expect, it } from 'vitest';
import type { Recording as Head, UnitCard } from '../src/contract/types';
import { cardsOf, fromBoard, reduceEvents } from '../src/core/board';
import { clock } from '../src/core/clock.svelte';
import { Recording, type RecordedEvent } from '../src/core/recording';
import { Store } from '../src/core/store.svelte';
import { decodePart, readVarints, Tracks } from '../src/core/tracks';
import { board, incident, order, T0, unit } from './cards';

const BEGIN = Date.parse(T0);
const iso = (second: number): string => new Date(BEGIN + second * 1000).toISOString();

function head(over: Partial<Head> = {}): Head {
  return {
    replay: { uid: 'r-1', n: 5, opened_at: T0, person: null, mine: true, begins: T0, ends: iso(3600) }, board: board({ n: 100, units: [unit()] }), erased: {},
    epochs: [], cameras: [], parts: 1, part_s: 1800, tracks_kept_days: 90, journal_begins_at: null, ...over,
  };
}

/** 3000 entries over fifty minutes: incidents opened, changed and closed, orders of each, a unit that goes and comes. */
function story(): RecordedEvent[] {
  return Array.from({ length: 3000 }, (_, i): RecordedEvent => {
    const uid = `i-${Math.floor(i / 6)}`;
    const bare = { n: 101 + i, at: iso(i), actor: null };
    const step = i % 6;
    if (step === 0) return { ...bare, kind: 'incident.opened', data: { incident: incident({ uid }) } };
    if (step === 1) return { ...bare, kind: 'order.sent', data: { order: order({ uid: `o-${uid}`, incident: uid }) } };
    if (step === 2) return { ...bare, kind: 'unit.changed', data: { unit: unit({ version: i }), why: 'order' } };
    if (step === 3) return { ...bare, kind: 'unit.concealed', data: { removed_uid: 'u-1' } };
    if (step === 4) return { ...bare, kind: 'unit.revealed', data: { unit: unit({ version: i }) } };
    return i % 4 ? { ...bare, kind: 'incident.closed', data: { incident: incident({ uid, state: 'closed' }) } } : { ...bare, kind: 'incident.changed', data: { incident: incident({ uid, level: 3 }) } };
  });
}

/** One part with these units as the server sends it. */
function part(units: { uid: string; slot: number; rows: [fix_ds: number, late_ds: number, lon_e6: number, lat_e6: number][]; spans?: [number, number][]; duty?: [number, number][]; cards?: [number, UnitCard][] }[]): ArrayBuffer {
  const varint = (value: number): number[] => {
    let left = value < 0 ? -value * 2 - 1 : value * 2;
    const out: number[] = [];
    while (left >= 128) {
      out.push((left % 128) + 128);
      left = Math.floor(left / 128);
    }
    return [...out, left];
  };
  const column = (place: 0 | 1 | 2 | 3): number[] => units.flatMap(({ rows }) => rows.flatMap((row, i) => varint(row[place] - (rows[i - 1]?.[place] ?? 0))));
  const count = units.reduce((sum, { rows }) => sum + rows.length, 0);
  const columns = [column(0), column(1), column(2), column(3), Array<number>(count).fill(20), Array<number>(count).fill(255), Array<number>(count).fill(0)];
  const always: [number, number][] = [[BEGIN - 1e6, BEGIN + 1e8]];
  const text = new TextEncoder().encode(JSON.stringify({
    begins_ms: BEGIN, ends_ms: BEGIN + 1_800_000, base_ms: BEGIN, sizes: columns.map((one) => one.length),
    units: units.map(({ uid, slot, rows, spans = always, duty = always, cards = [] }) => ({ unit: uid, slot, count: rows.length, spans, duty, cards })),
  }));
  const out = new Uint8Array(4 + text.length + columns.flat().length);
  new DataView(out.buffer).setUint32(0, text.length, true);
  out.set(text, 4);
  out.set(columns.flat(), 4 + text.length);
  return out.buffer;
}

describe('a recording', () => {
  let store: Store;
  let recording: Recording;
  beforeEach(() => {
    store = new Store();
    recording = new Recording(head(), store);
    recording.addEvents(story());
    recording.tracks.add(decodePart(part([{ uid: 'u-1', slot: 1, rows: [[0, 2, -71_000_000, -29_000_000], [50, 2, -71_000_100, -29_000_000], [9000, 2, -71_000_200, -29_000_100]] }])));
  });
  const seen = (at_ms: number): unknown => {
    recording.seek(at_ms);
    return { cards: cardsOf(store.board!), n: store.board!.n, fix: store.positions.of('u-1') };
  };

  it('is at its beginning the board that the server folded', () => {
    recording.seek(BEGIN - 1);
    expect(store.board!.n).toBe(100);
    expect(cardsOf(store.board!)).toEqual(cardsOf(fromBoard(head().board)));
  });

  it('gives the same store whichever way a moment is reached', () => {
    const moments = [3599, 0, 1800, 1799, 1801, 2, 2999, 700, 256, 255, 257, 3000].map((second) => BEGIN + second * 1000 + 500);
    for (const at of moments) {
      const jumped = seen(at);
      const fresh = new Recording(head(), new Store());
      fresh.addEvents(story());
      expect((jumped as { cards: unknown }).cards).toEqual(cardsOf(fresh.stateAt(at)));
      const plain = reduceEvents(fromBoard(head().board), story().filter((event) => Date.parse(event.at) <= at));
      expect((jumped as { cards: unknown; n: number }).cards).toEqual(cardsOf(plain));
      expect((jumped as { n: number }).n).toBe(plain.n);
    }
    const forward = moments.map(seen);
    const back = [...moments].reverse().map(seen).reverse();
    expect(back).toEqual(forward);
  });

  it('goes forward step by step to the same store as in one leap', () => {
    for (let second = 0; second <= 3000; second += 7) recording.seek(BEGIN + second * 1000);
    const stepped = seen(BEGIN + 3_000_000);
    recording.seek(BEGIN);
    expect(seen(BEGIN + 3_000_000)).toEqual(stepped);
  });

  it('seeks far under 0.4 s', () => {
    const began = performance.now();
    for (let i = 0; i < 50; i += 1) recording.seek(BEGIN + ((i * 7919) % 3000) * 1000);
    expect((performance.now() - began) / 50).toBeLessThan(100);
  });

  it('shows an entry that is dated before the one below it together with that one', () => {
    const late = new Recording(head(), store);
    late.addEvents([
      { n: 101, kind: 'incident.opened', at: iso(10), actor: null, data: { incident: incident() } },
      { n: 102, kind: 'incident.opened', at: iso(8), actor: null, data: { incident: incident({ uid: 'i-2' }) } },
    ]);
    expect([late.countAt(BEGIN + 9000), late.countAt(BEGIN + 10_000)]).toEqual([0, 2]);
  });

  it('names what a rule took, of the beginning and of entries', () => {
    const erased = new Recording(head({ erased: { 'k-1': ['caller'] } }), store);
    erased.addEvents([{ n: 101, kind: 'note.written', at: iso(1), actor: null, data: { note: { uid: 'n-1', incident: 'i-1' } }, erased: ['message'] }]);
    expect([...erased.erased]).toEqual([['k-1', ['caller']], ['n-1', ['message']]]);
  });

  it('lets nobody order anything', () => {
    recording.seek(BEGIN);
    const sealed = new Recording(head({ board: board({ me: { ...board().me, may: [] } }) }), store);
    sealed.seek(BEGIN);
    expect(store.may('order.send')).toBe(false);
  });
});

describe('tracks', () => {
  const at = (second: number): number => BEGIN + second * 1000;
  const one = (rows: [number, number, number, number][], more: { spans?: [number, number][]; duty?: [number, number][] } = {}): Tracks => {
    const tracks = new Tracks();
    tracks.add(decodePart(part([{ uid: 'u-1', slot: 1, rows, ...more }])));
    return tracks;
  };
  const place = (tracks: Tracks, second: number): number | undefined => tracks.fixAt(tracks.of.get('u-1')!, at(second))?.point[0];

  it('reads numbers of any size and refuses a cut column', () => {
    expect([...readVarints(Uint8Array.from([0, 2, 1, 128 + 0, 1]), 4)]).toEqual([0, 1, -1, 64]);
    expect(() => readVarints(Uint8Array.from([128]), 1)).toThrow('cut');
    expect(() => readVarints(Uint8Array.from([0, 0]), 1)).toThrow('too long');
    expect(() => decodePart(part([{ uid: 'u', slot: 1, rows: [[0, 0, 0, 0]] }]).slice(0, -1))).toThrow('cut');
  });

  it('knows a fix only once it had arrived, and shows no place between two', () => {
    const tracks = one([[0, 5, 1_000_000, 0], [100, 5, 2_000_000, 0]]);
    expect([place(tracks, 0.4), place(tracks, 0.5), place(tracks, 5), place(tracks, 10.4), place(tracks, 10.5)]).toEqual([undefined, 1, 1, 1, 2]);
  });

  it('puts a late fix into the trail, never in front', () => {
    const tracks = one([[0, 0, 1_000_000, 0], [50, 600, 2_000_000, 0], [100, 0, 3_000_000, 0]]);
    const track = tracks.of.get('u-1')!;
    expect(place(tracks, 70)).toBe(3);
    expect(tracks.trail(track, at(0), at(30)).map(({ point }) => point[0])).toEqual([1, 3]);
    expect(tracks.trail(track, at(0), at(65)).map(({ point }) => point[0])).toEqual([1, 2, 3]);
  });

  it('shows nothing off duty, out of sight, or of the duty before', () => {
    const rows: [number, number, number, number][] = [[0, 0, 1_000_000, 0], [900, 0, 2_000_000, 0]];
    expect(place(one(rows, { duty: [[at(-10), at(20)], [at(80), at(200)]] }), 30)).toBeUndefined();
    expect(place(one(rows, { duty: [[at(-10), at(20)], [at(80), at(200)]] }), 85)).toBeUndefined();
    expect(place(one(rows, { duty: [[at(-10), at(20)], [at(80), at(200)]] }), 95)).toBe(2);
    expect(place(one(rows, { spans: [[at(0), at(20)]] }), 30)).toBeUndefined();
  });

  it('finds the gaps, with those at both ends, and none off duty', () => {
    const rows: [number, number, number, number][] = [[0, 0, 0, 0], [100, 0, 0, 0], [900, 0, 0, 0]];
    const gaps = (more: object, end: number): number[][] => one(rows, more).gaps(one(rows, more).of.get('u-1')!, 30, at(end)).map((span) => span.map((ms) => (ms - BEGIN) / 1000));
    expect(gaps({ duty: [[at(0), at(1000)]] }, 200)).toEqual([[10, 90], [90, 200]]);
    expect(gaps({ duty: [[at(0), at(30)]] }, 200)).toEqual([]);
    expect(gaps({ duty: [[at(-50), at(100)]] }, 200)).toEqual([[-50, 0], [10, 90]]);
  });

  it('joins parts as if they had been one', () => {
    const whole = one([[0, 0, 1_000_000, 0], [100, 0, 2_000_000, 0], [200, 0, 3_000_000, 0]]);
    const halves = one([[0, 0, 1_000_000, 0]], { spans: [[at(0), at(10)]], duty: [[at(0), at(300)]] });
    halves.add(decodePart(part([{ uid: 'u-1', slot: 1, rows: [[100, 0, 2_000_000, 0], [200, 0, 3_000_000, 0]], spans: [[at(10), at(300)]], duty: [[at(0), at(300)]] }])));
    for (const second of [1, 9.9, 10, 15, 20, 30]) expect(place(halves, second)).toBe(place(whole, second));
    expect(halves.of.get('u-1')!.spans).toEqual([[at(0), at(300)]]);
  });
});

describe('the clock of a recording', () => {
  it('stands where it was put', () => {
    clock.hold(BEGIN);
    expect([clock.read(), clock.now_ms]).toEqual([BEGIN, BEGIN]);
    clock.learn(iso(99_999));
    expect(clock.read()).toBe(BEGIN);
  });
});
