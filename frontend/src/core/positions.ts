/** Positions of units: fresh, newest wins, kept apart from the journal's cards. Frame layout: realtime/protocol.py. */
import type { UnitCard } from '../contract/types';
import type { LonLat } from './geo';
import type { SlotCard } from './wire';

/** One unit's last fix as this desk knows it. `fix_ms` is server time in Unix ms; null speed or heading = not known. */
export interface Fix {
  slot: number;
  point: LonLat;
  speed_mps: number | null;
  heading_deg: number | null;
  fix_ms: number;
  inferred: boolean;
  voice: boolean;
  /** The fix is implausible or poor: drawn, and said so. */
  doubtful: boolean;
}

const HEADER_BYTES = 8;
const RECORD_BYTES = 16;
const UNKNOWN = 255;
const VERY_OLD_S = 155 * 60;

/** Age byte → seconds: half seconds to 50 s, then minutes, 255 = 155 minutes or more. */
export function ageFromByte(byte: number): number {
  if (byte === UNKNOWN) return VERY_OLD_S;
  return byte <= 100 ? byte / 2 : (byte - 100) * 60;
}

export interface PositionFrame {
  moved: Fix[];
  gone: number[];
}

/** Decode one binary frame; throws on an unknown version or a cut frame, which the feed treats as a reason to resync. */
export function decodePositions(buffer: ArrayBuffer): PositionFrame {
  const view = new DataView(buffer);
  if (view.byteLength < HEADER_BYTES || view.getUint8(0) !== 1) throw new Error('positions: unknown frame version');
  const count = view.getUint16(2, true);
  const base_s = view.getUint32(4, true);
  if (view.byteLength !== HEADER_BYTES + count * RECORD_BYTES) throw new Error('positions: cut frame');
  const frame: PositionFrame = { moved: [], gone: [] };
  for (let at = HEADER_BYTES; at < view.byteLength; at += RECORD_BYTES) {
    const slot = view.getUint32(at, true);
    const flags = view.getUint8(at + 14);
    if (flags & 4) {
      frame.gone.push(slot);
      continue;
    }
    const speed = view.getUint8(at + 12);
    const heading = view.getUint8(at + 13);
    frame.moved.push({
      slot,
      point: [view.getInt32(at + 4, true) / 1e7, view.getInt32(at + 8, true) / 1e7],
      speed_mps: speed === UNKNOWN ? null : speed / 2,
      heading_deg: heading === UNKNOWN ? null : (heading * 360) / 250,
      fix_ms: (base_s - ageFromByte(view.getUint8(at + 15))) * 1000,
      inferred: (flags & 1) !== 0,
      voice: (flags & 2) !== 0,
      doubtful: (flags & 8) !== 0,
    });
  }
  return frame;
}

type Listener = () => void;

/** The table of fixes by slot, and which unit each slot is. Not reactive: the map reads it once a beat. */
export class Positions {
  private readonly fixes = new Map<number, Fix>();
  private readonly units = new Map<number, UnitCard>();
  private readonly slotOf = new Map<string, number>();
  private readonly listeners = new Set<Listener>();

  /** Call `listener` after each change; returns the way to stop. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Take the slot ↔ unit table; a whole one replaces everything known. */
  takeSlots(slots: readonly SlotCard[], gone: readonly number[], whole: boolean): void {
    if (whole) {
      this.fixes.clear();
      this.units.clear();
      this.slotOf.clear();
    }
    for (const { slot, unit } of slots) {
      this.units.set(slot, unit);
      this.slotOf.set(unit.uid, slot);
    }
    gone.forEach((slot) => this.drop(slot, true));
    this.tell();
  }

  /** Take moved and vanished units; an older fix than the one known is ignored. */
  takeFrame(frame: PositionFrame): void {
    for (const fix of frame.moved) {
      const known = this.fixes.get(fix.slot);
      if (!known || fix.fix_ms >= known.fix_ms - 1000) this.fixes.set(fix.slot, fix);
    }
    frame.gone.forEach((slot) => this.drop(slot, false));
    this.tell();
  }

  /** Put all fixes to what they were at a moment of a recording, which may lie before the one shown. */
  put(fixes: readonly Fix[]): void {
    this.fixes.clear();
    for (const fix of fixes) this.fixes.set(fix.slot, fix);
    this.tell();
  }

  /** The fix of a unit, or undefined. */
  of(unit_uid: string): Fix | undefined {
    const slot = this.slotOf.get(unit_uid);
    return slot === undefined ? undefined : this.fixes.get(slot);
  }

  /** Units that are known only because they stand on this desk's ground. */
  groundUnits(): UnitCard[] {
    return [...this.units.values()];
  }

  private drop(slot: number, whole: boolean): void {
    this.fixes.delete(slot);
    const unit = this.units.get(slot);
    if (!whole || !unit) return;
    this.units.delete(slot);
    if (this.slotOf.get(unit.uid) === slot) this.slotOf.delete(unit.uid);
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }
}
