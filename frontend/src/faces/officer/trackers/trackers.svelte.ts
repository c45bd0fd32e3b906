/** The officer's own tracker apps: which there are, when the server last heard of each, a new one, the end of one. */
import type { Api } from '../../../core/api';
import type { TRACKER_APPS } from '../../../core/codes';

export type AppKind = (typeof TRACKER_APPS)[number];

export interface TrackerApp {
  uid: string;
  app: AppKind;
  call_sign: string;
  made_at: string;
  heard_at: string | null;
  fix_at: string | null;
  refused: string;
  battery_pct: number | null;
}

/** What is shown once: in the QR code, behind the link, by hand. */
export interface MadeApp {
  app: TrackerApp;
  link: { scan: string; tap: string; fields: Record<string, string> };
  qr: { side: number; path: string };
}

const LOOK_EVERY_MS = 20_000;
/** A position that counted within this is the unit's: the light says that an app shares. */
const SHARES_S = 60;

/** True when one of these apps tells the unit's place at `now_ms` (server Unix ms). */
export function shares(apps: readonly TrackerApp[], now_ms: number): boolean {
  return apps.some((app) => app.fix_at !== null && now_ms - Date.parse(app.fix_at) < SHARES_S * 1000);
}

export class Trackers {
  /** null: not known yet. */
  apps = $state.raw<readonly TrackerApp[] | null>(null);
  private watched = 0;

  constructor(private readonly api: Api) {}

  /** Ask once, then again while there is something to watch (an app, or `watch`). Returns the way to stop. */
  begin(): () => void {
    void this.look();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible' && (this.watched || this.apps?.length)) void this.look();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }

  /** The page of the apps is open. Returns the way to say that it is not. */
  watch(): () => void {
    this.watched += 1;
    void this.look();
    return () => (this.watched -= 1);
  }

  async look(): Promise<void> {
    const found = await this.api.get<{ apps: TrackerApp[] }>('/tracker_apps').catch(() => null);
    if (found) this.apps = found.apps;
  }

  /** Rejects with the server's refusal. */
  async add(app: AppKind): Promise<MadeApp> {
    const made = await this.api.post<MadeApp>('/tracker_apps/add', { app });
    void this.look();
    return made;
  }

  /** Rejects with the server's refusal. */
  async end(uid: string): Promise<void> {
    this.apps = (await this.api.post<{ apps: TrackerApp[] }>(`/tracker_apps/${uid}/end`)).apps;
  }

  forget(): void {
    this.apps = null;
  }
}
