/** One camera's still picture: a fresh grant for each look, fetched while the page is visible, or the code of why not. */
import { ApiProblem, type Api } from '../../../core/api';

const REFRESH_MS = 8000;
/** After these, asking again by itself would change nothing. */
const FINAL = new Set(['no_consent', 'forbidden', 'no_purpose', 'not_found', 'camera_no_address', 'camera_blocked']);

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

  constructor(
    private readonly api: Api,
    private readonly camera: string,
    private readonly incident: string,
  ) {}

  begin(): () => void {
    void this.look();
    return () => {
      this.ended = true;
      clearTimeout(this.timer);
      if (this.src) URL.revokeObjectURL(this.src);
    };
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
      } catch (failure) {
        this.problem = failure instanceof ApiProblem ? failure.code : 'no_answer';
      }
    }
    if (!this.ended && !(this.problem && FINAL.has(this.problem))) this.timer = setTimeout(() => void this.look(), REFRESH_MS);
  }

  private async fetchPicture(): Promise<Blob> {
    const body = { purpose: { kind: 'incident', uid: this.incident } };
    const grant = await this.api.post<Grant>(`/cameras/${this.camera}/grants`, body);
    const answer = await fetch(grant.url, { credentials: 'same-origin', cache: 'no-store' });
    if (answer.ok) return answer.blob();
    const said = (await answer.json().catch(() => null)) as { error?: { code?: string } } | null;
    throw new ApiProblem(said?.error?.code ?? 'camera_refused', {}, null, answer.status);
  }
}
