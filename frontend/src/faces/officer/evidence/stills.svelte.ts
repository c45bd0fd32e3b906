/** The cameras on the card of an order: one picture each when the page opens, another when it is tapped; every look is journalled. */
import { ApiProblem, type Api } from '../../../core/api';
import { clock } from '../../../core/clock.svelte';
import type { OrderCamera } from '../../../contract/types';

interface Grant {
  url: string;
}

/** Why a camera is not even asked, as a key of the words; '' when it may be. */
export function barred(camera: Pick<OrderCamera, 'sight' | 'consent'>): string {
  if (camera.sight === 'dead') return 'officer.camera.dead';
  return camera.consent === 'none' ? 'cameras.no_consent' : '';
}

async function fetched(url: string): Promise<Blob> {
  const answer = await fetch(url, { credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(15_000) });
  if (answer.ok) return answer.blob();
  const said = (await answer.json().catch(() => null)) as { error?: { code?: string } } | null;
  throw new ApiProblem(said?.error?.code ?? 'camera_refused', {}, null, answer.status);
}

export class OrderStill {
  src = $state<string | null>(null);
  taken_ms = $state(0);
  problem = $state<string | null>(null);
  busy = $state(false);
  private ended = false;

  constructor(private readonly api: Api, private readonly order: string, readonly camera: OrderCamera) {}

  /** Age of the picture in seconds, null without one. */
  get age_s(): number | null {
    void clock.now_ms;
    return this.taken_ms ? (Date.now() - this.taken_ms) / 1000 : null;
  }

  async look(): Promise<void> {
    if (this.busy || this.ended || barred(this.camera)) return;
    this.busy = true;
    try {
      const grant = await this.api.post<Grant>(`/orders/${this.order}/cameras/${this.camera.uid}/grants`);
      const picture = await fetched(grant.url);
      if (this.ended) return;
      if (this.src) URL.revokeObjectURL(this.src);
      this.src = URL.createObjectURL(picture);
      this.taken_ms = Date.now();
      this.problem = null;
    } catch (failure) {
      this.problem = failure instanceof ApiProblem ? failure.code : 'no_answer';
    } finally {
      this.busy = false;
    }
  }

  end(): void {
    this.ended = true;
    if (this.src) URL.revokeObjectURL(this.src);
  }
}
