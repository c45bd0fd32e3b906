/** Messages on the phone: the thread with the own desk, its receipts, and one quiet sound for each that comes in. */
import type { CannedCard, MessageCard } from '../../../contract/types';
import { clock } from '../../../core/clock.svelte';
import { readyTexts, upwards } from '../../../core/line';
import type { JournalEvent } from '../../../core/wire';
import { uuid7 } from '../../../core/uuid7';
import type { Session } from '../session.svelte';

const AGAIN_MS = 8000;

/** What was pressed and is not on the board yet. */
export interface Unsent {
  uid: string;
  words: string;
  pressed_ms: number;
  state: 'waiting' | 'refused';
  problem: string | null;
  facts: Record<string, unknown>;
}

export class Talk {
  open = $state(false);
  private readonly given = new Set<string>();

  constructor(private readonly session: Session) {}

  /** This unit's messages, oldest first. */
  get messages(): MessageCard[] {
    const unit = this.session.unit?.uid;
    return [...(this.session.app.store.board?.message.values() ?? [])].filter((card) => card.unit === unit).sort((a, b) => a.sent_at.localeCompare(b.sent_at));
  }

  get unread(): MessageCard[] {
    return this.messages.filter((card) => card.way === 'to_unit' && card.state !== 'read' && !this.given.has(`read ${card.uid}`));
  }

  get unsent(): Unsent[] {
    const known = this.session.app.store.board?.message;
    return this.session.waiting
      .filter((item) => item.what === 'message' && item.state !== 'arrived')
      .map((item) => ({ uid: item.path.split('/')[2] ?? '', words: (item.body as { text?: string }).text || this.readyWords((item.body as { canned?: string }).canned ?? ''), pressed_ms: item.pressed_ms, state: item.state as Unsent['state'], problem: item.problem, facts: item.facts }))
      .filter((item) => !known?.has(item.uid));
  }

  /** Ready answers of the unit's own line of centres; the nearest centre's words win. */
  get ready(): CannedCard[] {
    const { board } = this.session.app.store;
    return board ? readyTexts(board.canned, 'to_desk', upwards(this.session.unit?.centre, board.centre)) : [];
  }

  begin(): () => void {
    const off = this.session.app.store.listen((events) => events.forEach((event) => this.heed(event)));
    const timer = setInterval(() => this.receipts(), AGAIN_MS);
    return () => {
      off();
      clearInterval(timer);
    };
  }

  /** Say what the phone has, and while the thread is on the screen what was read. */
  receipts(): void {
    for (const card of this.messages) {
      if (card.way !== 'to_unit' || card.state === 'read') continue;
      const what = this.open && this.session.visible ? 'read' : card.state === 'sent' ? 'delivered' : null;
      if (what) this.give(card.uid, what);
    }
  }

  /** Queue words for the desk; they go as soon as there is a network. */
  say(words: { text: string } | { canned: string }): void {
    const unit = this.session.unit?.uid;
    if (!unit) return;
    const device_at = new Date(clock.read()).toISOString();
    void this.session.outbox.post(`/messages/${uuid7()}/to_desk`, { unit, ...words, device_at }, 'message');
  }

  private readyWords(code: string): string {
    const found = this.session.app.store.board?.canned.find((one) => one.code === code);
    return found?.words.name ?? code;
  }

  private give(uid: string, what: 'delivered' | 'read'): void {
    const mark = `${what} ${uid}`;
    if (this.given.has(mark) || this.session.dead) return;
    this.given.add(mark);
    const device_at = new Date(clock.read()).toISOString();
    this.session.app.api.post(`/messages/${uid}/${what}`, { device_at }).catch(() => this.given.delete(mark));
  }

  private heed(event: JournalEvent): void {
    const card = event.data['message'] as MessageCard | undefined;
    if (event.kind === 'message.sent' && card?.way === 'to_unit' && card.unit === this.session.unit?.uid && !this.open) this.session.alarm.once(1);
  }
}
