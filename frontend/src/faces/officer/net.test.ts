import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Board } from '../../contract/types';
import { ApiProblem } from '../../core/api';
import { Clock } from '../../core/clock.svelte';
import { Feed, lightFor } from '../../core/feed.svelte';
import { Store } from '../../core/store.svelte';
import { FixBuffer, type PhoneFix } from './buffer';
import { Dark } from './dark.svelte';
import { Tunnel, type KeptFixes } from './tunnel';
import { Update } from './update.svelte';

const fix = (second: number): PhoneFix => ({ lon: 1, lat: 2, fix_at: new Date(Date.UTC(2026, 2, 11, 13, 0, second)).toISOString() });

describe('a tunnel', () => {
  const world = () => {
    let kept: KeptFixes | undefined;
    const store = { load: () => Promise.resolve(kept), save: (it: KeptFixes | null) => Promise.resolve(void (kept = it ?? undefined)) };
    const buffer = new FixBuffer(50, 100);
    return { buffer, tunnel: new Tunnel(store, buffer), kept: () => kept };
  };
  it('is kept when the network does not take the fixes, brought back once, and forgotten when it took them', async () => {
    const before = world();
    for (let s = 0; s < 20; s += 1) before.buffer.add(fix(s));
    before.tunnel.keep('u1');
    expect(before.kept()?.fixes.length).toBe(20);

    const store = { load: () => Promise.resolve(before.kept()), save: vi.fn(() => Promise.resolve()) };
    const buffer = new FixBuffer();
    buffer.add(fix(19));
    buffer.add(fix(21));
    const after = new Tunnel(store, buffer);
    await after.bringBack('u1');
    expect(buffer.all().map((one) => one.fix_at)).toEqual([...Array.from({ length: 19 }, (_, s) => fix(s).fix_at), fix(19).fix_at, fix(21).fix_at]);
    buffer.done(buffer.all());
    after.keep('u1');
    expect(store.save).toHaveBeenLastCalledWith(null);
  });
  it('of another unit is not sent, and nothing is written while all is well', async () => {
    const { buffer, tunnel, kept } = world();
    buffer.add(fix(1));
    tunnel.keep('u1');
    expect(kept()).toBeUndefined();
    tunnel.keep('u1', true);
    expect(kept()?.fixes.length).toBe(1);
    const other = new FixBuffer();
    const save = vi.fn(() => Promise.resolve());
    await new Tunnel({ load: () => Promise.resolve(kept()), save }, other).bringBack('u2');
    expect([other.size, save.mock.calls]).toEqual([0, [[null]]]);
  });
});

describe('a dark phone', () => {
  beforeEach(() => localStorage.clear());
  it('says from when to when, also after the page was killed, and not for a short while', () => {
    const one = new Dark();
    one.begin('u1', 1_000_000);
    one.alive(1_010_000);
    expect(one.gap).toBeNull();
    one.alive(1_310_000);
    expect(one.gap).toEqual({ from_ms: 1_010_000, to_ms: 1_310_000 });

    const next = new Dark();
    next.begin('u1', 1_910_000);
    expect(next.gap).toEqual({ from_ms: 1_310_000, to_ms: 1_910_000 });
    next.end();
    const off = new Dark();
    off.begin('u1', 9_000_000);
    expect(off.gap).toBeNull();
  });
});

describe('a phone whose clock is a day wrong', () => {
  const DAY_MS = 86_400_000;
  it('tells its moments right after a reload without a network, and believes the server again at its first word', () => {
    const before = new Clock();
    before.learn(new Date(Date.now() - DAY_MS).toISOString(), 1);
    const after = new Clock();
    expect(after.learned_ms).toBeNull();
    after.guess(before.learned_ms!);
    expect([after.learned_ms, Math.abs(after.read() - (Date.now() - DAY_MS)) < 2000]).toEqual([null, true]);
    expect(Math.abs(after.correct(Date.now()) - (Date.now() - DAY_MS))).toBeLessThan(2000);
    after.learn(new Date(Date.now() - 30_000).toISOString(), 1);
    expect(Math.abs(after.read() - (Date.now() - 30_000))).toBeLessThan(2000);
    after.guess(5);
    after.guess(NaN);
    expect(Math.abs(after.learned_ms! + 30_000)).toBeLessThan(2000);
  });
});

describe('a network in which no socket lives', () => {
  class Mute {
    static OPEN = 1;
    readyState = 0;
    onclose: ((event: { code: number }) => void) | null = null;
    constructor() {
      setTimeout(() => this.onclose?.({ code: 1006 }), 1);
    }
    send(): void {}
    close(): void {}
  }
  const board = (n: number): Board => ({ epoch: 1, n, at: new Date().toISOString(), me: {}, kinds: [], thresholds: {} }) as unknown as Board;
  it('gets its board by plain HTTP, says so, and is not called live by the feed’s own measure', async () => {
    vi.useFakeTimers();
    const store = new Store();
    const askBoard = vi.fn(() => Promise.resolve(board(7)));
    const feed = new Feed({ url: 'ws://x', store, askBoard, makeSocket: () => new Mute() as unknown as WebSocket });
    feed.begin();
    await vi.advanceTimersByTimeAsync(6000);
    expect([feed.polled, feed.light, store.board?.n]).toEqual([true, 'live', 7]);
    expect([lightFor(9, true, 5), lightFor(20, true, 5), lightFor(26, true, 5), lightFor(6, true)]).toEqual(['live', 'stale', 'dead', 'dead']);
    askBoard.mockImplementation(() => Promise.reject(new ApiProblem('not_signed_in')));
    await vi.advanceTimersByTimeAsync(8000);
    expect(feed.refused).toBe('not_signed_in');
    feed.end();
    vi.useRealTimers();
  });
});

describe('a new version', () => {
  it('waits while any tab is busy, and the page loads anew only when it asked for it', async () => {
    const posted: string[] = [];
    const heard: Record<string, () => void> = {};
    const registration = { waiting: { postMessage: (word: string) => posted.push(word) }, installing: null, addEventListener: () => undefined, update: () => Promise.resolve() };
    const workers = { controller: {}, register: () => Promise.resolve(registration), addEventListener: (name: string, handler: () => void) => (heard[name] = handler) };
    let free = true;
    const locks = { request: (_: string, options: { ifAvailable?: boolean }, work: (lock: unknown) => unknown) => Promise.resolve(options.ifAvailable ? work(free ? {} : null) : work({})) };
    const reload = vi.fn();
    const update = new Update(workers as never, locks as never, reload);
    const stop = update.begin();
    await Promise.resolve();
    expect(update.ready).toBe(true);
    heard['controllerchange']!();
    expect(reload).not.toHaveBeenCalled();
    update.busy(true);
    expect(await update.apply()).toBe(false);
    update.busy(false);
    free = false;
    expect(await update.apply()).toBe(false);
    free = true;
    expect([await update.apply(), posted]).toEqual([true, ['go']]);
    heard['controllerchange']!();
    expect(reload).toHaveBeenCalledOnce();
    stop();
  });
});
