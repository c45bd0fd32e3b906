import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backOffMs, Feed, lightFor } from '../src/core/feed.svelte';
import { Store } from '../src/core/store.svelte';
import { board, incident, T0 } from './cards';

class Wire {
  static all: Wire[] = [];
  readyState = 1;
  binaryType = '';
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((closed: { code: number }) => void) | null = null;
  constructor() {
    Wire.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(code = 1000): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  say(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

let store: Store;
let feed: Feed;
const last = (): Wire => Wire.all[Wire.all.length - 1]!;

beforeEach(() => {
  vi.useFakeTimers();
  Wire.all = [];
  store = new Store();
  feed = new Feed({ url: 'ws://x/ws', store, makeSocket: () => new Wire() as unknown as WebSocket });
  feed.begin();
  last().onopen?.();
});
afterEach(() => {
  feed.end();
  vi.useRealTimers();
});

describe('the feed', () => {
  it('starts with a snapshot, then resumes from where it was', () => {
    expect(last().sent).toEqual([{ t: 'start' }]);
    last().say({ t: 'snapshot', board: board({ epoch: 3, n: 10 }) });
    last().say({ t: 'events', events: [{ n: 11, kind: 'incident.opened', at: T0, actor: null, data: { incident: incident() } }] });
    last().close(1006);
    vi.advanceTimersByTime(1000);
    last().onopen?.();
    expect(Wire.all).toHaveLength(2);
    expect(last().sent).toEqual([{ t: 'resume', epoch: 3, n: 11 }]);
  });

  it('asks for a whole snapshot after "resync"', () => {
    last().say({ t: 'snapshot', board: board() });
    last().close(4408);
    vi.advanceTimersByTime(1000);
    last().onopen?.();
    expect(last().sent).toEqual([{ t: 'start' }]);
  });

  it('answers each beat, and turns stale, then dead, when nothing comes', () => {
    last().say({ t: 'beat', n: 10, at: T0 });
    expect(last().sent).toContainEqual({ t: 'pong' });
    expect(feed.light).toBe('live');
    vi.advanceTimersByTime(3000);
    expect(feed.light).toBe('stale');
    vi.advanceTimersByTime(2500);
    expect(feed.light).toBe('dead');
  });

  it('lets a new connection take its time, however long the silence before it was', () => {
    last().say({ t: 'snapshot', board: board({ epoch: 3, n: 10 }) });
    last().close(1006);
    vi.advanceTimersByTime(9_000);
    expect(Wire.all).toHaveLength(2);
    vi.advanceTimersByTime(16_000);
    last().close(1006);
    vi.advanceTimersByTime(8_000);
    const fresh = last();
    fresh.onopen?.();
    vi.advanceTimersByTime(2_500);
    expect(last()).toBe(fresh);
    fresh.say({ t: 'beat', n: 10, at: T0 });
    expect(feed.light).toBe('live');
  });

  it('gives up a connection that never opens, or opens and says nothing, and does not listen to it any more', () => {
    last().say({ t: 'snapshot', board: board() });
    last().close(1006);
    vi.advanceTimersByTime(1000);
    const hanging = last();
    hanging.readyState = 0;
    vi.advanceTimersByTime(11_000);
    expect(hanging.readyState).toBe(3);
    const { length } = Wire.all;
    expect(length).toBeGreaterThan(2);
    hanging.onclose?.({ code: 4403 });
    expect(feed.refused).toBeNull();
    expect(Wire.all).toHaveLength(length);
  });

  it('does not come back when the session is over or the account may not listen', () => {
    last().close(4403);
    vi.advanceTimersByTime(60_000);
    expect(Wire.all).toHaveLength(1);
    expect(feed.refused).toBe('forbidden');
  });

  it('takes a fresh snapshot when a frame cannot be read', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    last().say({ t: 'snapshot', board: board() });
    last().onmessage?.({ data: new ArrayBuffer(3) });
    vi.advanceTimersByTime(1000);
    last().onopen?.();
    expect(last().sent).toEqual([{ t: 'start' }]);
  });
});

describe('a line that the page opened early', () => {
  const begun = (wire: Wire, frames: string[]): Feed => {
    feed.end();
    Wire.all = [wire];
    feed = new Feed({ url: 'ws://x/ws', store, makeSocket: () => new Wire() as unknown as WebSocket, early: { socket: wire as unknown as WebSocket, frames } });
    feed.begin();
    return feed;
  };

  it('is taken over with what came meanwhile, in order, and answered on', () => {
    const wire = new Wire();
    const opened = { n: 11, kind: 'incident.opened', at: T0, actor: null, data: { incident: incident() } };
    begun(wire, [JSON.stringify({ t: 'snapshot', board: board({ epoch: 3, n: 10 }) }), JSON.stringify({ t: 'events', events: [opened] }), JSON.stringify({ t: 'beat', n: 11, at: T0, rate: 1 })]);
    expect(store.board?.n).toBe(11);
    expect(feed.light).toBe('live');
    expect(wire.sent).toEqual([{ t: 'pong' }]);
    expect(Wire.all).toHaveLength(1);
    wire.close(1006);
    vi.advanceTimersByTime(1000);
    last().onopen?.();
    expect(last().sent).toEqual([{ t: 'resume', epoch: 3, n: 11 }]);
  });

  it('is greeted by the feed when it is still on its way, and let go when it was shut', () => {
    const slow = new Wire();
    slow.readyState = 0;
    begun(slow, []);
    slow.readyState = 1;
    slow.onopen?.();
    expect(slow.sent).toEqual([{ t: 'start' }]);
    const shut = new Wire();
    shut.readyState = 3;
    begun(shut, []);
    expect(Wire.all).toHaveLength(2);
  });
});

describe('waiting between tries', () => {
  it('doubles to a ceiling and is spread over half of it', () => {
    expect(backOffMs(0, 0)).toBe(150);
    expect(backOffMs(0, 1)).toBe(300);
    expect(backOffMs(20, 1)).toBe(8000);
    expect(backOffMs(20, 0)).toBe(4000);
  });
});

describe('the light', () => {
  it('follows the silence', () => {
    expect([lightFor(0.2, false), lightFor(0.2, true), lightFor(3, true), lightFor(5.1, true)]).toEqual(['waiting', 'live', 'stale', 'dead']);
  });
});
