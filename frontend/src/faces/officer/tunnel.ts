/** Fixes that could not be sent survive a reload: put into the database while there is no network, taken back by the next page. */
import { keepThing, readKeptThing, type Database } from '../../core/database';
import type { FixBuffer, PhoneFix } from './buffer';

export const KEPT_FIXES = 'fixes';
/** A network that answers leaves fewer: nothing is written while all is well. */
const FEW = 5;
const KEEP_EVERY_MS = 10_000;

export interface KeptFixes {
  unit: string;
  fixes: readonly PhoneFix[];
}

/** Where the fixes lie meanwhile; null takes them away. */
export interface FixStore {
  load(): Promise<KeptFixes | undefined>;
  save(kept: KeptFixes | null): Promise<unknown>;
}

export function databaseFixes(database: Database): FixStore {
  return { load: () => readKeptThing<KeptFixes>(database, KEPT_FIXES), save: (kept) => keepThing(database, KEPT_FIXES, kept) };
}

export class Tunnel {
  private kept = false;
  private at_ms = 0;

  constructor(
    private readonly store: FixStore,
    private readonly buffer: FixBuffer,
  ) {}

  /** Put what an earlier page of this unit's duty left into the buffer. Another unit's is not ours to send. */
  async bringBack(unit: string): Promise<void> {
    const found = await this.store.load();
    if (!found) return;
    this.kept = true;
    if (found.unit === unit) this.buffer.restore(found.fixes);
    else this.forget();
  }

  /** Keep what waits, at most every ten seconds (`now`: at once); once the network took it, forget the copy. */
  keep(unit: string, now = false, now_ms = Date.now()): void {
    const many = this.buffer.size > (now ? 0 : FEW);
    if (!many && (now || !this.kept)) return;
    if (many && !now && now_ms - this.at_ms < KEEP_EVERY_MS) return;
    if (!many) return this.forget();
    this.at_ms = now_ms;
    this.kept = true;
    void this.store.save({ unit, fixes: [...this.buffer.all()] });
  }

  forget(): void {
    this.kept = false;
    void this.store.save(null);
  }
}
