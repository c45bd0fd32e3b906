/** One camera's still picture: a fresh grant for each look, fetched while the page is visible, or the code of why not. */
import { ApiProblem, type Api } from '../../../core/api';
import { clock } from '../../../core/clock.svelte';
import { has, t } from '../../../core/i18n';

const REFRESH_MS = 8000;
const SLOWEST_MS = 120_000;
/** Refusals that time does not heal: only other rights, another appointment or another register can. Each asking is journalled. */
const FINAL = new Set(['camera_no_address', 'camera_blocked', 'no_purpose']);
const FINAL_STATUS = new Set([401, 403, 404]);

/** How long to wait before the next look, after so many failures in a row. */
export function nextLookMs(failures: number): number {
  return Math.min(SLOWEST_MS, REFRESH_MS * 2 ** failures);
}

/** True when asking again by itself would only be refused again. */
export function isFinal(failure: unknown): boolean {
  return failure instanceof ApiProblem && (FINAL.has(failure.code) || FINAL_STATUS.has(failure.status));
}

/** Why somebody looks: an incident, or words of at least eight characters. No picture without one. */
export type Purpose = { kind: 'incident'; uid: string } | { kind: 'reason'; text: string };

interface Grant {
  url: string;
  expires_at: string;
}

export class Still {
  /** Address of the last picture, or null. */
  src = $state<string | null>(null);
  /** Browser Unix ms of the last picture. */
  taken_ms = $state(0);
  /** Error code of the last try, or null. */
  problem = $state<string | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private ended = false;
  private given_up = false;
  private failures = 0;

  constructor(
    private readonly api: Api,
    private readonly camera: string,
    private readonly purpose: Purpose,
  ) {}

  /** Why there is no picture, in words; "" while nothing is wrong. */
  get why(): string {
    if (!this.problem) return '';
    if (this.problem === 'no_answer') return t('cameras.no_answer');
    return has(`error.${this.problem}`) ? t(`error.${this.problem}`) : this.problem;
  }

  /** Age of the picture in seconds, null without one. */
  get age_s(): number | null {
    void clock.now_ms;
    return this.taken_ms ? (Date.now() - this.taken_ms) / 1000 : null;
  }

  begin(): () => void {
    void this.look();
    return () => {
      this.ended = true;
      clearTimeout(this.timer);
      if (this.src) URL.revokeObjectURL(this.src);
    };
  }

  /** Ask again now, when the last answer was a refusal or a failure: rights changed, or the person wants to know. */
  again(): void {
    if (this.ended || this.problem === null) return;
    clearTimeout(this.timer);
    this.given_up = false;
    this.failures = 0;
    void this.look();
  }

  private async look(): Promise<void> {
    if (document.visibilityState === 'visible') {
      try {
        const picture = await this.fetchPicture();
        if (this.ended) return;
        if (this.src) URL.revokeObjectURL(this.src);
        this.src = URL.createObjectURL(picture);
        this.taken_ms = Date.now();
        this.problem = null;
        this.failures = 0;
      } catch (failure) {
        this.problem = failure instanceof ApiProblem ? failure.code : 'no_answer';
        this.given_up = isFinal(failure);
        this.failures += 1;
      }
    }
    if (!this.ended && !this.given_up) this.timer = setTimeout(() => void this.look(), nextLookMs(this.failures));
  }

  private async fetchPicture(): Promise<Blob> {
    const grant = await this.api.post<Grant>(`/cameras/${this.camera}/grants`, { purpose: this.purpose });
    const answer = await fetch(grant.url, { credentials: 'same-origin', cache: 'no-store' });
    if (answer.ok) return answer.blob();
    const said = (await answer.json().catch(() => null)) as { error?: { code?: string } } | null;
    throw new ApiProblem(said?.error?.code ?? 'camera_refused', {}, null, answer.status);
  }
}
