/** How the phone's page looks to one person: night, day, sun or as the phone, which hand, how large. Each person's own on this phone. */
import { prefs } from '../../core/prefs.svelte';

export const LOOKS = ['auto', 'dark', 'day', 'sun'] as const;
export const HANDS = ['right', 'left'] as const;
/** Steps of size: factor of everything, targets included. */
export const SIZES = [1, 1.15, 1.3] as const;
export type Look = (typeof LOOKS)[number];
export type Hand = (typeof HANDS)[number];

interface Kept {
  look?: Look;
  hand?: Hand;
  size?: number;
}

const keyOf = (person_uid: string): string => `nearcast.display.${person_uid}`;

export class Display {
  look = $state<Look>('dark');
  hand = $state<Hand>('right');
  /** Index into SIZES. */
  size = $state(0);
  private person = '';
  private readonly night = matchMedia('(prefers-color-scheme: dark)');

  /** Dress the page as this person left it; who never chose has the theme of the page. */
  begin(person_uid: string): void {
    this.person = person_uid;
    const kept = this.read();
    this.look = LOOKS.find((look) => look === kept.look) ?? prefs.theme;
    this.hand = kept.hand === 'left' ? 'left' : 'right';
    this.size = SIZES[kept.size ?? 0] ? (kept.size ?? 0) : 0;
    this.night.addEventListener('change', () => this.dress());
    this.dress();
  }

  choose(change: Kept): void {
    Object.assign(this, change);
    try {
      localStorage.setItem(keyOf(this.person), JSON.stringify({ look: this.look, hand: this.hand, size: this.size } satisfies Kept));
    } catch {
      // A full storage costs the memory of the choice, not the choice.
    }
    this.dress();
  }

  private dress(): void {
    const bright = this.look === 'auto' ? !this.night.matches : this.look !== 'dark';
    const theme = bright ? 'day' : 'dark';
    if (prefs.theme !== theme) prefs.setTheme(theme);
    const root = document.documentElement;
    root.dataset['contrast'] = this.look === 'sun' ? 'sun' : '';
    root.dataset['hand'] = this.hand;
    root.style.setProperty('--zoom', String(SIZES[this.size]));
    // The browser's own bar follows afterwards: asking for a colour now would have the styles worked out before there is anything to style.
    setTimeout(() => document.querySelector('meta[name=theme-color]')?.setAttribute('content', getComputedStyle(root).getPropertyValue('--bg-1').trim()), 500);
  }

  private read(): Kept {
    try {
      return (JSON.parse(localStorage.getItem(keyOf(this.person)) ?? '{}') ?? {}) as Kept;
    } catch {
      return {};
    }
  }
}

export const display = new Display();
