/** What became of an order while the phone was away: asked of the server, because what left the crew's sight is told nobody twice. */
import type { Words } from '../../contract/types';
import { ApiProblem, type Api } from '../../core/api';
import type { Waiting } from '../../core/outbox';

/** GET orders/<uid>/ending (dispatch/queries/endings.py). */
export interface Ending {
  uid: string;
  state: string;
  ended: boolean;
  at: string | null;
  /** How its last step came: app, voice, desk, … */
  how: string;
  desk: Words;
  /** Who was sent in its place, '' for nobody. */
  instead: string;
  /** Its incident is closed. */
  closed: boolean;
}

export type Why = 'recalled' | 'replaced' | 'timed_out' | 'cleared_voice' | 'cleared' | 'refused' | 'closed' | 'withdrawn';

/** The one word for an ending: which sentence the officer reads. */
export function whyOf(ending: Ending): Why {
  if (ending.state === 'cleared' || ending.state === 'refused') return ending.how === 'voice' && ending.state === 'cleared' ? 'cleared_voice' : ending.state;
  if (ending.state === 'recalled' || ending.state === 'replaced') return ending.state;
  if (ending.closed) return 'closed';
  return ending.state === 'timed_out' ? 'timed_out' : 'withdrawn';
}

/** The order that an answer is about, or ''. */
export function orderOf(item: Pick<Waiting, 'path'>): string {
  return /^\/orders\/([^/]+)\//.exec(item.path)?.[1] ?? '';
}

/** The server did not take it because the order was over, or further, when it came. */
export const came_late = (item: Waiting): boolean => item.state === 'refused' && ['not_found', 'wrong_state', 'forbidden', 'unit_busy'].includes(item.problem ?? '');

export class Fates {
  known = $state.raw<ReadonlyMap<string, Ending>>(new Map());
  private readonly asked = new Set<string>();

  constructor(private readonly api: Pick<Api, 'get'>) {}

  /** Find out about one order, once; null when the server does not say. Asked again when there was no answer. */
  async ask(uid: string): Promise<Ending | null> {
    const known = this.known.get(uid);
    if (known || this.asked.has(uid)) return known ?? null;
    this.asked.add(uid);
    try {
      const ending = await this.api.get<Ending>(`/orders/${uid}/ending`);
      if (ending.ended || ending.closed) this.known = new Map([...this.known, [uid, ending]]);
      else this.asked.delete(uid);
      return ending;
    } catch (failure) {
      if (!(failure instanceof ApiProblem && failure.code === 'not_found')) this.asked.delete(uid);
      return null;
    }
  }

  /** Ask about every order of which an answer came late. */
  follow(items: readonly Waiting[]): void {
    for (const uid of new Set(items.filter(came_late).map(orderOf))) if (uid) void this.ask(uid);
  }
}
