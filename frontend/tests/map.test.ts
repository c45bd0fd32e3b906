/** The map's own arithmetic: plates that make room, poles set side by side, uids out of tiles, names as chosen. */
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { describe, expect, it } from 'vitest';
import type { LonLat } from '../src/core/geo';
import { fullUid, poleOffset } from '../src/map/cameras';
import { PALETTES } from '../src/map/palette';
import { poiDrawings, STRETCHED } from '../src/map/poi';
import { roadNumbers } from '../src/map/roads';
import { baseStyle, nameIn } from '../src/map/style';
import { unitFeatures } from '../src/map/units';
import { unit as unitCard } from './cards';
import { plateSpots, suggestionFeatures, type UnitLine } from '../src/map/suggestion';

const project = ([x, y]: LonLat): { x: number; y: number } => ({ x: x * 1000, y: y * 1000 });
const unit = (slot: number, from: LonLat, ordered = false): UnitLine => ({ slot, from, text: '420 m', ordered });
const TO: LonLat = [0.5, 0.5];

function overlaps(spots: LonLat[]): number {
  let count = 0;
  spots.forEach((a, i) => spots.slice(i + 1).forEach((b) => {
    const [p, q] = [project(a), project(b)];
    if (Math.abs(p.x - q.x) < 65 && Math.abs(p.y - q.y) < 18) count += 1;
  }));
  return count;
}

describe('plates', () => {
  it('stand in the middle when nothing is in the way', () => {
    const [spot] = plateSpots([unit(1, [0, 0.5])], TO, project);
    expect(spot).toEqual([0.25, 0.5]);
  });
  it('never cover one another when their units come from the same side', () => {
    const lines = [unit(1, [0, 0.1]), unit(2, [0, 0.12]), unit(3, [0.01, 0.11]), unit(4, [0.02, 0.09])];
    const middles = lines.map((one): LonLat => [(one.from[0] + TO[0]) / 2, (one.from[1] + TO[1]) / 2]);
    expect(overlaps(middles)).toBeGreaterThan(0);
    expect(overlaps(plateSpots(lines, TO, project))).toBe(0);
  });
  it('let the ordered one choose first and keep the order of the lines', () => {
    const lines = [unit(1, [0, 0.5]), unit(2, [0, 0.5], true)];
    const [first, ordered] = plateSpots(lines, TO, project);
    expect(ordered).toEqual([0.25, 0.5]);
    expect(first).not.toEqual(ordered);
    const plates = suggestionFeatures(lines, TO, project).features.filter((one) => one.properties['plate']);
    expect(plates.map((one) => one.properties['slot'])).toEqual([1, 2]);
  });
  it('keep clear of a listed unit that stands on another one\'s line', () => {
    const lines = [unit(1, [0, 0.5]), unit(2, [0.25, 0.5])];
    const [spot] = plateSpots(lines, TO, project);
    expect(Math.abs(project(spot!).x - 250)).toBeGreaterThan(14 + 30);
  });
  it('stand beyond the unit where its line is too short for them, never on the incident', () => {
    const covers = (at: LonLat, mark: LonLat, half: number): boolean => {
      const [p, q] = [project(at), project(mark)];
      return Math.abs(p.x - q.x) < half + 30 && Math.abs(p.y - q.y) < half + 9;
    };
    for (const from of [[0.46, 0.5], [0.5, 0.46], [0.475, 0.525]] as LonLat[]) {
      const [spot] = plateSpots([unit(1, from, true)], TO, project);
      expect([covers(spot!, TO, 18), covers(spot!, from, 14)]).toEqual([false, false]);
    }
  });
  it('have a place even where none is free', () => {
    const lines = [1, 2, 3, 4].map((slot) => unit(slot, [0.5, 0.505]));
    expect(plateSpots(lines, TO, project)).toHaveLength(4);
  });
});

describe('units', () => {
  it('that have a mark with their name on it are not named twice', () => {
    const fix = { slot: 0, point: [0, 0] as LonLat, speed_mps: null, heading_deg: null, fix_ms: 0, inferred: false, voice: false, doubtful: false };
    const bands = { live_s: 30, ageing_s: 120, stale_s: 600 };
    const signs = (named: ReadonlySet<string>): unknown[] =>
      unitFeatures([unitCard({ uid: 'a' }), unitCard({ uid: 'b', call_sign: 'P-13' })], () => fix, new Map(), bands, 60_000, null, named).features.map((one) => [one.properties['sign'], one.properties['age'], Boolean(one.properties['icon'])]);
    expect(signs(new Set(['a']))).toEqual([['', '', true], ['P-13', ' 1:00', true]]);
  });
});

describe('cameras', () => {
  it('of one pole stand apart, in rows about it', () => {
    for (const n of [2, 3, 4, 5, 9, 12]) {
      const places = Array.from({ length: n }, (_, i) => poleOffset(i, n));
      expect(new Set(places.map(String)).size).toBe(n);
      expect(places.reduce((sum, [x]) => sum + x, 0)).toBeCloseTo(0);
    }
  });
  it('get back the uid that the house writes', () => {
    const uid = '01900000-0000-7abc-8def-0123456789ab';
    const bytes = uid.replaceAll('-', '').match(/../g)!.map((two) => String.fromCharCode(parseInt(two, 16))).join('');
    const short = btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    expect(short).toHaveLength(22);
    expect(fullUid(short)).toBe(uid);
    expect(fullUid(uid)).toBe(uid);
    expect(fullUid('')).toBe('');
  });
});

describe('names', () => {
  it('fall back from the chosen language to what there is', () => {
    expect(nameIn('zh')).toEqual(['coalesce', ['get', 'name_zh'], ['get', 'name'], ['get', 'name_en'], '']);
    expect(nameIn('local')[1]).toEqual(['get', 'name']);
  });
});

describe('the base map', () => {
  it.each(['dark', 'day'] as const)('is a style without a fault: %s', (theme) => {
    // Local fonts draw the names: MapLibre asks for no glyphs then, which its specification does not know.
    const faults = validateStyleMin({ ...baseStyle(PALETTES[theme], 'zh', 'http://here/tiles'), glyphs: 'http://here/{fontstack}/{range}' } as never);
    expect(faults.map((one) => one.message)).toEqual([]);
  });
  it('puts numbers of roads on plates that are drawn, in both themes', () => {
    for (const p of Object.values(PALETTES)) {
      const drawn = poiDrawings(p);
      for (const layer of roadNumbers(p)) expect(drawn.has((layer.layout as Record<string, string>)['icon-image']!)).toBe(true);
      for (const name of Object.keys(STRETCHED)) expect(drawn.has(name)).toBe(true);
    }
  });
});
