/** What the timeline draws: bars and ticks along the time of a recording. Pure. */
import type { OrderCard } from '../../contract/types';
import { wasSent } from '../../core/ladder';
import type { Span } from '../../core/tracks';
import { dataOf, incidentOf, type Told } from './story';

export interface Bar {
  from_ms: number;
  to_ms: number;
  /** waiting, done, sent, late, accepted, en_route, on_scene, hold, view, gap */
  look: string;
  /** Catalogue key of its words, "" for none; `text` as it is. */
  code: string;
  text?: string;
}

export interface Lane {
  key: string;
  /** Catalogue key of the lane's name, or "" with `name` as it is. */
  code: string;
  name: string;
  note: string;
  uid: string | null;
  bars: Bar[];
  ticks: number[];
}

const ENDED = new Set(['refused', 'timed_out', 'cleared', 'recalled', 'replaced']);
const LOOK: Record<string, string> = { sent: 'sent', delivered: 'sent', seen: 'sent', accepted: 'accepted', en_route: 'en_route', on_scene: 'on_scene' };
const lane = (key: string, code: string, more: Partial<Lane> = {}): Lane => ({ key, code, name: '', note: '', uid: null, bars: [], ticks: [], ...more });

/** Consecutive states as bars; "" ends one without beginning another. */
function bars(steps: readonly (readonly [at_ms: number, look: string])[], end_ms: number, words: Record<string, string>): Bar[] {
  const out: Bar[] = [];
  for (const [at, look] of steps) {
    const last = out[out.length - 1];
    if (last && last.to_ms === Infinity) {
      if (last.look === look) continue;
      last.to_ms = at;
    }
    if (look) out.push({ from_ms: at, to_ms: Infinity, look, code: words[look] ?? '' });
  }
  const last = out[out.length - 1];
  if (last && last.to_ms === Infinity) last.to_ms = end_ms;
  return out.filter((bar) => bar.to_ms > bar.from_ms);
}

/** Orders of the story by target: what it was called, and its states in time. */
function orderSteps(story: readonly Told[]): Map<string, { order: OrderCard; steps: [number, string][] }> {
  const out = new Map<string, { order: OrderCard; steps: [number, string][] }>();
  for (const { event, at_ms } of story) {
    const { order } = dataOf(event);
    if (!order || !wasSent(order)) continue;
    const key = order.unit ?? order.post ?? order.centre ?? order.uid;
    const known = out.get(key) ?? { order, steps: [] };
    known.order = order;
    known.steps.push([at_ms, ENDED.has(order.state) ? '' : (LOOK[order.state] ?? 'sent')]);
    out.set(key, known);
  }
  return out;
}

/** An incident's own lane: waiting until an order is out, then dispatched, then on scene. */
function incidentSteps(story: readonly Told[], uid: string): [number, string][] {
  const active = new Map<string, string>();
  const steps: [number, string][] = [];
  let open = false;
  let held = false;
  let done = false;
  for (const { event, at_ms } of story) {
    if (incidentOf(event) !== uid) continue;
    const { order: told, incident } = dataOf(event);
    const order = told && wasSent(told) ? told : undefined;
    if (order && !ENDED.has(order.state)) active.set(order.uid, order.state);
    else if (order) active.delete(order.uid);
    if (order) done = order.state === 'cleared' && !active.size;
    if (incident) [open, held] = [incident.state !== 'closed', incident.state === 'on_hold'];
    const states = [...active.values()];
    steps.push([at_ms, !open ? '' : states.includes('on_scene') ? 'on_scene' : states.length ? 'dispatched' : held ? 'hold' : done ? 'done' : 'waiting']);
  }
  return steps;
}

const WORDS = { waiting: 'lane.waiting', dispatched: 'lane.dispatched', hold: 'incident.state.on_hold', done: 'order.state.cleared', sent: 'order.state.sent', accepted: 'order.state.accepted', en_route: 'unit.state.en_route', on_scene: 'unit.state.on_scene' };

export interface Asked {
  incident: string | null;
  number: string;
  end_ms: number;
  /** Seconds after which a sent order is late. */
  late_s: number;
  gapsOf: (unit: string) => readonly Span[];
}

function viewLane(story: readonly Told[]): Lane {
  const seen = new Map<string, Bar[]>();
  for (const { event, at_ms } of story) {
    if (event.kind !== 'camera.viewed' || event.data['step'] !== 'shown') continue;
    const code = String(event.data['camera_code'] ?? '');
    const known = seen.get(code) ?? [];
    const last = known[known.length - 1];
    if (last && at_ms - last.to_ms < 15_000) last.to_ms = at_ms + 8000;
    else known.push({ from_ms: at_ms, to_ms: at_ms + 8000, look: 'view', code: '', text: code });
    seen.set(code, known);
  }
  return lane('views', 'lane.views', { bars: [...seen.values()].flat().sort((a, b) => a.from_ms - b.from_ms) });
}

/** The lanes of one incident: calls, itself, each target of an order with its gaps, pictures, messages. */
export function lanesOf(story: readonly Told[], all: readonly Told[], asked: Asked): Lane[] {
  const at = (kind: string) => story.filter(({ event }) => event.kind === kind).map(({ at_ms }) => at_ms);
  const calls = lane('calls', 'lane.calls', { ticks: at('call.taken') });
  const notes = lane('notes', 'lane.notes', { ticks: at('note.written') });
  const looks = all.filter(({ event }) => event.kind === 'camera.viewed' && (!asked.number || event.data['incident_number'] === asked.number));
  if (asked.incident === null) {
    const opened = lane('opened', 'lane.opened', { ticks: at('incident.opened') });
    return [calls, opened, lane('orders', 'lane.orders', { ticks: at('order.sent') }), viewLane(looks), notes];
  }
  const own = lane('incident', 'lane.incident', { note: asked.number, bars: bars(incidentSteps(story, asked.incident), asked.end_ms, WORDS) });
  const units = [...orderSteps(story)].map(([uid, { order, steps }]) => {
    const made = bars(steps, asked.end_ms, WORDS).map((bar) => (bar.look === 'sent' && bar.to_ms - bar.from_ms > asked.late_s * 1000 ? { ...bar, look: 'late' } : bar));
    const gaps = asked.gapsOf(uid).map(([from_ms, to_ms]): Bar => ({ from_ms, to_ms, look: 'gap', code: '' }));
    return lane(uid, '', { name: order.target_name, uid: order.unit, bars: [...made, ...gaps] });
  });
  return [calls, own, ...units, viewLane(looks), notes];
}

/** Round marks of the axis: about `most` of them, at whole steps. */
export function axis(begin_ms: number, end_ms: number, most: number): number[] {
  const steps = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((second) => second * 1000);
  const step = steps.find((one) => (end_ms - begin_ms) / one <= most) ?? steps[steps.length - 1]!;
  const out: number[] = [];
  for (let at = Math.ceil(begin_ms / step) * step; at < end_ms; at += step) out.push(at);
  return out;
}
