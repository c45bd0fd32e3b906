/** What a person likes on this machine: language, theme, mute, layout. Stays as he left it; never leaves the browser. */
export type Language = 'zh' | 'en';
export type Theme = 'dark' | 'day';
/** Names on the map: Chinese, English, or as they stand on the ground. */
export type MapNames = 'zh' | 'en' | 'local';

const KEY = 'nearcast.prefs';

interface Kept {
  language?: Language;
  theme?: Theme;
  muted?: boolean;
  /** Absent: as the language of the screen. */
  mapNames?: MapNames | null;
  layout?: Record<string, unknown>;
}

function kept(): Kept {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Kept;
  } catch {
    return {};
  }
}

/** Reactive preferences; assigning through the setters also keeps them and dresses the page. */
class Prefs {
  language = $state<Language>('en');
  theme = $state<Theme>('dark');
  muted = $state(false);
  mapNames = $state<MapNames | null>(null);
  layout = $state<Record<string, unknown>>({});

  /** Start from what is kept, else from what the page says. */
  begin(page: { language: string; theme: string }): void {
    const own = kept();
    this.language = own.language ?? (page.language.startsWith('zh') ? 'zh' : 'en');
    this.theme = own.theme ?? (page.theme === 'day' ? 'day' : 'dark');
    this.muted = own.muted ?? false;
    this.mapNames = own.mapNames === 'zh' || own.mapNames === 'en' || own.mapNames === 'local' ? own.mapNames : null;
    this.layout = own.layout ?? {};
    this.dress();
  }

  setLanguage(language: Language): void {
    this.language = language;
    this.keep();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.keep();
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.keep();
  }

  /** null: as the language of the screen. */
  setMapNames(names: MapNames | null): void {
    this.mapNames = names;
    this.keep();
  }

  setLayout(name: string, value: unknown): void {
    this.layout = { ...this.layout, [name]: value };
    this.keep();
  }

  private keep(): void {
    this.dress();
    const own: Kept = { language: this.language, theme: this.theme, muted: this.muted, mapNames: this.mapNames, layout: $state.snapshot(this.layout) };
    this.tellPages();
    try {
      localStorage.setItem(KEY, JSON.stringify(own));
    } catch {
      // A full or forbidden storage costs the memory of the choice, not the choice.
    }
  }

  /** The server's own pages (sign-in, account) read the same choices from cookies. */
  private tellPages(): void {
    const rest = 'path=/; max-age=31536000; samesite=lax';
    document.cookie = `theme=${this.theme}; ${rest}`;
    document.cookie = `django_language=${this.language === 'zh' ? 'zh-hans' : 'en'}; ${rest}`;
  }

  private dress(): void {
    document.documentElement.lang = this.language === 'zh' ? 'zh-Hans' : 'en';
    document.documentElement.dataset['theme'] = this.theme;
  }
}

export const prefs = new Prefs();
