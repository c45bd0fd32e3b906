// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import { ApiProblem, type Api } from '../../../core/api';
import type { Waiting } from '../../../core/outbox';
import { readExif } from './exif';
import { Photos } from './photos.svelte';
import type { Kept, PhotoShelf } from './shelf';
import { fitted, goesAsItIs, kindOf, prepare, spares } from './shrink';

const LIMITS = { max_mb: 12, side_px: 2560, quality_pct: 85 };

/** A JPEG's beginning with EXIF: time with offset, and a place in the south-west, big-endian. */
function exifOf(time: string, lat: number, lon: number): ArrayBuffer {
  const bytes: number[] = [];
  const u16 = (...values: number[]): void => values.forEach((value) => bytes.push(value >> 8, value & 255));
  const u32 = (...values: number[]): void => values.forEach((value) => u16(value >>> 16, value & 65535));
  const text = (value: string): void => [...value].forEach((char) => bytes.push(char.charCodeAt(0)));
  u16(0x4d4d, 42); u32(8);
  u16(2, 0x8769, 4); u32(1, 38); u16(0x8825, 4); u32(1, 76); u32(0);
  u16(2, 0x9003, 2); u32(20, 130); u16(0x9011, 2); u32(7, 150); u32(0); u32(0, 0);
  u16(4, 1, 2); u32(2); text('S\0\0\0'); u16(2, 5); u32(3, 158); u16(3, 2); u32(2); text('W\0\0\0'); u16(4, 5); u32(3, 182); u32(0);
  text(`${time}\0`); text('-03:00\0\0');
  for (const value of [lat, lon]) u32(Math.floor(value), 1, 0, 1, Math.round((value % 1) * 3600 * 100), 100);
  const head = [0xff, 0xd8, 0xff, 0xe1, 0, 0, 0x45, 0x78, 0x69, 0x66, 0, 0];
  const all = [...head, ...bytes, 0xff, 0xda];
  [all[4], all[5]] = [(bytes.length + 8) >> 8, (bytes.length + 8) & 255];
  return new Uint8Array([...all, ...new Array<number>(16).fill(0)]).buffer;
}

describe('what a camera declared', () => {
  it('is read before a canvas drops it', () => {
    const said = readExif(exifOf('2026:03:11 21:04:22', 29.95, 71.34));
    expect([said.time, said.offset]).toEqual(['2026:03:11 21:04:22', '-03:00']);
    expect(said.lat).toBeCloseTo(-29.95, 4);
    expect(said.lon).toBeCloseTo(-71.34, 4);
  });

  it('is nothing for other files, torn ones and lies about lengths', () => {
    const whole = exifOf('2026:03:11 21:04:22', 29.95, 71.34);
    const lying = new Uint8Array(whole.slice(0));
    lying.fill(255, 20, 60);
    for (const data of [new ArrayBuffer(0), new Uint8Array([1, 2, 3]).buffer, whole.slice(0, 60), lying.buffer]) expect(readExif(data)).toEqual({});
  });
});

describe('what is sent', () => {
  it('is the camera’s own file unless it is too big, of another kind or the network is poor', () => {
    const file = { size: 4_000_000, type: 'image/jpeg' };
    expect(goesAsItIs(file, LIMITS, false)).toBe(true);
    expect(goesAsItIs(file, LIMITS, true)).toBe(false);
    expect(goesAsItIs({ ...file, size: 40_000_000 }, LIMITS, false)).toBe(false);
    expect(goesAsItIs({ ...file, type: 'image/heic' }, LIMITS, false)).toBe(false);
    expect([spares({ saveData: true }), spares({ effectiveType: '3g' }), spares({ effectiveType: '4g' }), spares({})]).toEqual([true, true, false, false]);
  });

  it('is known by its first bytes, not by its name', async () => {
    const file = (bytes: string, type = 'image/jpeg'): Blob => new Blob([Uint8Array.from(bytes, (char) => char.charCodeAt(0))], { type });
    const kinds = ['\xff\xd8\xff\xe0', '\x89PNG\r\n', 'RIFF1234WEBP', '\0\0\0\x18ftypheic', '%PDF-1.7', 'MZ', ''];
    expect(await Promise.all(kinds.map((bytes) => kindOf(file(bytes))))).toEqual(['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'application/pdf', '', '']);
    const photo = file('\xff\xd8\xff\xe0 and so on', '');
    expect((await prepare(photo, LIMITS, false)).blob).toBe(photo);
    const why = (bytes: string, type?: string): Promise<unknown> => prepare(file(bytes, type), LIMITS, false).then(() => null, (failure: ApiProblem) => [failure.code, failure.facts['why'], failure.facts['said']]);
    expect(await why('%PDF-1.7 named .jpg')).toEqual(['not_a_photo', 'not_a_photo', 'application/pdf']);
    expect(await why('\0\0\0\x18ftypheic', '')).toEqual(['not_a_photo', 'heic', 'image/heic']);
    expect(await why('')).toEqual(['not_a_photo', 'empty', undefined]);
    expect(await prepare(file(`\xff\xd8\xff${'x'.repeat(40)}`), { ...LIMITS, max_mb: 0.00001 }, false).then(() => null, (failure: ApiProblem) => failure.facts['why'])).toBe('damaged');
  });

  it('fits into the side and never grows', () => {
    expect([fitted(8000, 6000, 2560), fitted(600, 800, 2560), fitted(1, 9000, 2560)]).toEqual([[2560, 1920], [600, 800], [1, 2560]]);
  });
});

function shelfOf(kept: Map<string, Kept>): PhotoShelf {
  return {
    load: async () => [...kept.values()],
    put: async (one) => void kept.set(one.uid, one),
    drop: async (uids) => uids.forEach((uid) => kept.delete(uid)),
    clear: async () => kept.clear(),
  };
}

/** A server that takes parts of 4 bytes and breaks down where it is told to. */
function serverOf(breaks: { after: number; code: string }[]) {
  const server = { received: 0, calls: [] as string[], bytes: '' };
  const fail = (): void => {
    const next = breaks[0];
    if (next && server.calls.length >= next.after) throw new ApiProblem(breaks.shift()!.code);
  };
  const state = () => ({ uid: '', received: server.received, size: 10, part_bytes: 4, done: false });
  const api = {
    get: async () => { server.calls.push('state'); fail(); return state(); },
    post: async (path: string, part?: Blob) => {
      server.calls.push(part ? path.split('?')[1]! : 'finish');
      fail();
      if (!part) return {};
      server.bytes += await part.text();
      server.received += part.size;
      return state();
    },
  } as unknown as Api;
  return { api, server };
}

function photosOf(api: Api, kept: Map<string, Kept>, outbox: Waiting[]): Photos {
  const post = async (path: string, body: unknown, what: string, key: string): Promise<void> => {
    outbox.push({ key, path, body, what, pressed_ms: 0, arrived_ms: null, state: 'waiting', problem: null, facts: {} });
  };
  const ties = { api, person: 'me', limits: LIMITS, post, outbox: () => outbox, moment: () => '2026-03-11T21:00:00Z' };
  return new Photos(ties, shelfOf(kept), async (blob) => ({ blob, reduced: false, declared: {} }));
}

describe('photos on their way', () => {
  const belongs = { incident: 'i', order: 'o', note: 'n' };

  it('wait for their announcement, then go in parts and say that they arrived', async () => {
    const [{ api, server }, kept, outbox] = [serverOf([]), new Map<string, Kept>(), [] as Waiting[]];
    const photos = photosOf(api, kept, outbox);
    await photos.add(new Blob(['0123456789']), belongs);
    expect([server.calls, photos.unsent]).toEqual([[], 1]);
    expect(outbox[0]).toMatchObject({ path: '/incidents/i/attachments', what: 'photo', body: { order: 'o', note: 'n', size: 10, reduced: false } });
    outbox[0]!.state = 'arrived';
    await photos.flush();
    expect([server.bytes, server.calls]).toEqual(['0123456789', ['state', 'offset=0', 'offset=4', 'offset=8', 'finish']]);
    expect([photos.unsent, photos.list[0]!.state, [...kept.values()][0]!.blob]).toEqual([0, 'arrived', null]);
  });

  it('go on after a break and a reload where the server says', async () => {
    const [{ api, server }, kept, outbox] = [serverOf([{ after: 3, code: 'no_answer' }]), new Map<string, Kept>(), [] as Waiting[]];
    const photos = photosOf(api, kept, outbox);
    await photos.add(new Blob(['0123456789']), belongs);
    outbox[0]!.state = 'arrived';
    await photos.flush();
    expect([photos.list[0]!.problem, photos.unsent, server.bytes]).toEqual(['no_answer', 1, '0123']);
    const again = photosOf(api, kept, []);
    await again.begin();
    expect([server.bytes, again.list[0]!.state]).toEqual(['0123456789', 'arrived']);
  });

  it('stop for good at a refusal, wait off duty, and one bad does not hold up the next', async () => {
    const [{ api }, kept, outbox] = [serverOf([{ after: 5, code: 'not_a_photo' }]), new Map<string, Kept>(), [] as Waiting[]];
    const photos = photosOf(api, kept, outbox);
    await photos.add(new Blob(['0123456789']), belongs);
    await photos.add(new Blob(['0123456789']), belongs);
    outbox.forEach((item) => (item.state = 'arrived'));
    await photos.flush();
    expect(photos.list.map((one) => one.state)).toEqual(['refused', 'arrived']);
    const off = photosOf(serverOf([{ after: 1, code: 'forbidden' }]).api, new Map(), outbox.splice(0, 9));
    await off.add(new Blob(['0123456789']), belongs);
    expect(off.unsent).toBe(1);
    await off.forget();
    expect(off.unsent).toBe(1);
    await off.forget(true);
    expect(off.list).toEqual([]);
  });

  it('are announced again under the same key when the page went before the outbox had them', async () => {
    const kept = new Map<string, Kept>();
    const gone = photosOf(serverOf([]).api, kept, []);
    await gone.add(new Blob(['0123456789']), belongs);
    expect([...kept.values()][0]).toMatchObject({ state: 'waiting', announcement: { order: 'o', note: 'n', size: 10 } });
    const [{ api, server }, outbox] = [serverOf([{ after: 1, code: 'not_found' }]), [] as Waiting[]];
    const again = photosOf(api, kept, outbox);
    await again.begin();
    const uid = again.list[0]!.uid;
    expect([again.list[0]!.state, outbox.map((item) => [item.key, item.path])]).toEqual(['waiting', [[uid, '/incidents/i/attachments']]]);
    outbox[0]!.state = 'arrived';
    await again.flush();
    expect([server.bytes, again.list[0]!.state]).toEqual(['0123456789', 'arrived']);
  });

  it('go by themselves once their announcement has arrived', async () => {
    vi.useFakeTimers();
    const [{ api, server }, outbox] = [serverOf([]), [] as Waiting[]];
    const photos = photosOf(api, new Map(), outbox);
    await photos.add(new Blob(['0123456789']), belongs);
    expect([server.calls, photos.unsent]).toEqual([[], 1]);
    outbox[0]!.state = 'arrived';
    await vi.advanceTimersByTimeAsync(3000);
    vi.useRealTimers();
    expect([server.bytes, photos.unsent]).toEqual(['0123456789', 0]);
  });

  it('that an older page announced under another key are not asked for before that arrived', async () => {
    const old: Kept = { uid: 'p', person: 'me', incident: 'i', order: 'o', size: 10, reduced: false, pressed_ms: Date.now(), sent: 0, state: 'waiting', problem: null, facts: {}, blob: new Blob(['0123456789']) };
    const [{ api, server }, outbox] = [serverOf([]), [] as Waiting[]];
    outbox.push({ key: 'other', path: '/incidents/i/attachments', body: { uid: 'p' }, what: 'photo', pressed_ms: 0, arrived_ms: null, state: 'waiting', problem: null, facts: {} });
    const photos = photosOf(api, new Map([['p', old]]), outbox);
    await photos.begin();
    expect([server.calls, photos.unsent]).toEqual([[], 1]);
    Object.assign(outbox[0]!, { state: 'arrived', body: null });
    await photos.flush();
    expect(photos.list[0]!.state).toBe('arrived');
  });

  it('a refused announcement refuses the photo', async () => {
    const [{ api, server }, outbox] = [serverOf([]), [] as Waiting[]];
    const photos = photosOf(api, new Map(), outbox);
    await photos.add(new Blob(['0123456789']), belongs);
    Object.assign(outbox[0]!, { state: 'refused', problem: 'too_big', facts: { limit: 1 } });
    await photos.flush();
    expect([photos.list[0]!.state, photos.list[0]!.problem, server.calls]).toEqual(['refused', 'too_big', []]);
    expect(photos.problem?.code).toBe('too_big');
  });
});
