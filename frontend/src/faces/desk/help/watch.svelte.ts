/** Distresses at this desk: which are nearest to be answered, when the siren sounds, and whether this desk may answer. */
import type { DistressCard } from '../../../contract/types';
import { clock } from '../../../core/clock.svelte';
import type { LonLat } from '../../../core/geo';
import type { App } from '../../../core/start';
import { Siren } from '../../../parts/siren';

const DESKS = new Set(['call_taker', 'dispatcher', 'shift_commander', 'supervisor']);

/** Where the officer is, of all that is known, and how old that is. */
export interface Whereabouts {
  point: LonLat;
  age_s: number | null;
  how: 'live' | 'press' | 'post';
}

export class DistressWatch {
  /** Silenced at this desk only: what a neighbour does with a call that is not his to answer. */
  quiet = $state.raw<ReadonlySet<string>>(new Set());
  readonly siren = new Siren();
  private readonly app: App;

  constructor(app: App) {
    this.app = app;
  }

  /** Not acknowledged first, then the newest. */
  get all(): DistressCard[] {
    const cards = [...(this.app.store.board?.distress.values() ?? [])];
    return cards.sort((a, b) => Number(b.state === 'raised') - Number(a.state === 'raised') || b.received_at.localeCompare(a.received_at));
  }

  /** Does this desk sit on the unit's own line? A neighbour hears and helps, and answers nothing. */
  mine(card: DistressCard): boolean {
    const { store } = this.app;
    const held = new Set((store.board?.me.roles ?? []).filter(([role]) => DESKS.has(role)).map(([, centre]) => centre));
    for (let at = store.centre(card.centre); at; at = store.centre(at.parent)) if (held.has(at.uid)) return true;
    return false;
  }

  /** The one that the keys act on. */
  get first(): DistressCard | undefined {
    return this.all[0];
  }

  where(card: DistressCard): Whereabouts | null {
    const now = clock.now_ms;
    const fix = this.app.store.positions.of(card.unit);
    const pressed_ms = card.fix_at ? Date.parse(card.fix_at) : null;
    if (fix && fix.fix_ms >= (pressed_ms ?? 0)) return { point: fix.point, age_s: Math.max(0, (now - fix.fix_ms) / 1000), how: 'live' };
    if (!card.point) return null;
    return { point: card.point as LonLat, age_s: pressed_ms === null ? null : (now - pressed_ms) / 1000, how: card.point_how === 'post' ? 'post' : 'press' };
  }

  hush(uid: string): void {
    this.quiet = new Set(this.quiet).add(uid);
  }

  /** Sound while one is neither acknowledged by anybody nor silenced here. */
  sound(): void {
    if (this.all.some((one) => one.state === 'raised' && !this.quiet.has(one.uid))) this.siren.start();
    else this.siren.stop();
  }

  /** Browsers sound only after a touch or a key: the first of either arms it. */
  begin(): () => void {
    const arm = (): void => void this.siren.arm();
    addEventListener('pointerdown', arm);
    addEventListener('keydown', arm);
    return () => {
      removeEventListener('pointerdown', arm);
      removeEventListener('keydown', arm);
      this.siren.stop();
    };
  }
}
