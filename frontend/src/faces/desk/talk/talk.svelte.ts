/** Messages at a desk: threads by unit, what is unread, one quiet sound, and the receipts this desk owes. */
import type { MessageCard } from '../../../contract/types';
import type { App } from '../../../core/start';
import type { Sounds } from '../../../parts/sounds';

const DESKS = new Set(['call_taker', 'dispatcher', 'shift_commander']);
/** Several screens of one desk get the message at once: one of them says so first. */
const RECEIPT_WITHIN_MS = 1500;

export interface Thread {
  unit: string;
  call_sign: string;
  messages: MessageCard[];
  unread: number;
  last_at: string;
}

/** Messages by unit, the newest talk first; `mine` says which of those to a desk are this one's to read. Pure. */
export function threadsOf(cards: Iterable<MessageCard>, mine: (card: MessageCard) => boolean): Thread[] {
  const found = new Map<string, Thread>();
  for (const card of [...cards].sort((a, b) => a.sent_at.localeCompare(b.sent_at))) {
    const thread = found.get(card.unit) ?? { unit: card.unit, call_sign: card.call_sign, messages: [], unread: 0, last_at: '' };
    thread.messages.push(card);
    thread.last_at = card.sent_at;
    if (mine(card) && card.state !== 'read') thread.unread += 1;
    found.set(card.unit, thread);
  }
  return [...found.values()].sort((a, b) => b.last_at.localeCompare(a.last_at));
}

export class Talk {
  open = $state(false);
  /** The unit whose thread is on the screen. */
  unit = $state<string | null>(null);
  private readonly app: App;

  constructor(app: App) {
    this.app = app;
  }

  threads = $derived.by((): Thread[] => threadsOf(this.app.store.board?.message.values() ?? [], (card) => this.mine(card)));
  unread = $derived(this.threads.reduce((sum, thread) => sum + thread.unread, 0));

  /** To this very desk: those above see it too, and do not answer for it. */
  mine(card: MessageCard): boolean {
    const roles = this.app.store.board?.me.roles ?? [];
    return card.way === 'to_desk' && roles.some(([role, centre]) => DESKS.has(role) && centre === card.centre);
  }

  show(unit: string | null): void {
    this.open = true;
    this.unit = unit;
  }

  begin(sounds: Sounds): () => void {
    return this.app.store.listen((events) => {
      for (const event of events) {
        const card = event.data['message'] as MessageCard | undefined;
        if (event.kind !== 'message.sent' || !card || !this.mine(card)) continue;
        sounds.play(1);
        setTimeout(() => this.receipt(card.uid, 'delivered'), Math.random() * RECEIPT_WITHIN_MS);
      }
    });
  }

  /** A person looks at the thread: what it holds is read. */
  read(thread: Thread): void {
    for (const card of thread.messages) if (this.mine(card) && card.state !== 'read') this.receipt(card.uid, 'read');
  }

  private receipt(uid: string, what: 'delivered' | 'read'): void {
    const state = this.app.store.board?.message.get(uid)?.state;
    if (!state || state === 'read' || (what === 'delivered' && state === 'delivered')) return;
    // A receipt that is lost is given again with the next look at the thread.
    this.app.api.post(`/messages/${uid}/${what}`).catch((failure: unknown) => console.warn('receipt', failure));
  }
}
