/** Help on the phone: the officer's own press until a desk has ended it, and the presses of others near him. */
import type { DistressCard } from '../../../contract/types';
import { ApiProblem } from '../../../core/api';
import { clock } from '../../../core/clock.svelte';
import type { JournalEvent } from '../../../core/wire';
import { uuid7 } from '../../../core/uuid7';
import { Siren } from '../../../parts/siren';
import type { Session } from '../session.svelte';
import { isFinal, isUnsent, keepPress, newPress, pressOf, readPress, tidyPresses, type Press } from './press';

const AGAIN_MS = 2000;
/** A board so much younger than the receipt has the press on it, unless it was ended. */
const SETTLED_MS = 5000;
const DONE = [300, 100, 300];

export class Help {
  press = $state.raw<Press | null>(null);
  /** Presses of others that this officer has heard: shown still, but quiet. */
  quiet = $state.raw<ReadonlySet<string>>(new Set());
  /** Presses of whoever used this phone before that it never got out. */
  stranded = $state.raw<readonly { name: string; press: Press }[]>([]);
  readonly siren = new Siren();
  private timer: ReturnType<typeof setInterval> | undefined;
  private busy = false;
  private over = false;

  constructor(private readonly session: Session) {
    this.press = readPress(this.person);
    this.stranded = tidyPresses(this.person, clock.read());
  }

  /** True while the own press is not out: the phone shall not be left without a word about it. */
  get unsent(): boolean {
    return this.press !== null && isUnsent(this.press);
  }

  /** The person leaves this phone: what the server has of his press goes, what it has not stays for when he is back. */
  leave(): void {
    clearInterval(this.timer);
    this.over = true;
    if (!this.unsent) keepPress(this.person, null);
    this.press = null;
  }

  /** The desk was told by radio: nothing of it stays here. */
  told(name: string): void {
    localStorage.removeItem(name);
    this.stranded = this.stranded.filter((one) => one.name !== name);
  }

  private get person(): string {
    return this.session.bootMe.person.uid;
  }

  /** The card of the own press, once the board has it. */
  get card(): DistressCard | undefined {
    return this.press ? this.session.app.store.board?.distress.get(this.press.uid) : undefined;
  }

  /** Somebody else's, the newest first. */
  get near(): DistressCard[] {
    const all = [...(this.session.app.store.board?.distress.values() ?? [])];
    return all.filter((one) => one.uid !== this.press?.uid && one.person?.uid !== this.person).sort((a, b) => b.received_at.localeCompare(a.received_at));
  }

  /** Begin to send what waits and to hear of endings. Returns the way to stop. */
  begin(): () => void {
    const off = this.session.app.store.listen((events) => events.forEach((event) => this.heed(event)));
    this.timer = setInterval(() => void this.send(), AGAIN_MS);
    const back = (): void => void this.send();
    addEventListener('online', back);
    void this.send();
    return () => {
      off();
      clearInterval(this.timer);
      removeEventListener('online', back);
      this.siren.stop();
    };
  }

  /** Call for help: kept first, then sent until the server says that it has it. */
  raise(): void {
    const unit = this.session.unit;
    if (!unit || (this.press && !this.press.outcome && !this.press.refused)) return;
    navigator.vibrate?.(DONE);
    this.keep(newPress(uuid7(), unit, clock.read(), this.session.sharing.here));
    void this.send();
  }

  cancel(): void {
    if (!this.press || this.press.cancel !== 'no') return;
    this.keep({ ...this.press, cancel: 'waiting' });
    void this.send();
  }

  /** The officer has read how it ended. */
  dismiss(): void {
    this.keep(null);
  }

  hush(uid: string): void {
    this.quiet = new Set(this.quiet).add(uid);
  }

  /** Sound while somebody near needs help and this officer has not heard it. */
  ring(): void {
    // A crew that called by radio is not rung: whoever stands beside it must not hear its phone.
    const own = this.session.unit?.uid;
    const rings = (one: DistressCard): boolean => !(one.raised_by && one.unit === own);
    if (this.near.some((one) => one.state === 'raised' && !one.cancelled_at && !this.quiet.has(one.uid) && rings(one))) this.siren.start();
    else this.siren.stop();
  }

  /** A press of this officer's that another phone made, or that this one forgot: it is his all the same. */
  adopt(): void {
    const mine = [...(this.session.app.store.board?.distress.values() ?? [])].find((one) => one.person?.uid === this.person);
    if (mine && !this.press) this.keep(pressOf(mine));
  }

  /** What the server had of the press and is gone from the board was ended while this phone did not hear it. */
  settle(): void {
    const { press } = this;
    const live = this.session.app.store.board && !this.session.dead && this.session.as_of_ms === null;
    if (!live || !press?.received_at) return;
    const later_ms = Date.parse(this.session.app.store.board!.at) - Date.parse(press.received_at);
    if (this.card && press.outcome === '') this.keep({ ...press, outcome: null });
    else if (!this.card && press.outcome === null && later_ms > SETTLED_MS) this.keep({ ...press, outcome: '' });
  }

  private keep(press: Press | null): void {
    // What was under way when he left ended well or stays as it was kept.
    if (this.over) return press && !isUnsent(press) ? keepPress(this.person, null) : undefined;
    this.press = press;
    keepPress(this.person, press);
  }

  private async send(): Promise<void> {
    if (this.busy || this.over || !this.press) return;
    this.busy = true;
    try {
      if (!this.press.received_at && !this.press.refused) await this.sendPress(this.press);
      if (!this.over && this.press?.received_at && this.press.cancel === 'waiting') await this.sendCancel(this.press);
    } finally {
      this.busy = false;
    }
  }

  private async sendPress(press: Press): Promise<void> {
    this.keep({ ...press, tries: press.tries + 1 });
    try {
      const card = await this.session.app.api.post<DistressCard>(`/distress/${press.uid}/raise`, press.body, { key: press.uid });
      // His call may stand already, made by another phone: then it is that one.
      this.keep({ ...press, uid: card.uid, tries: press.tries + 1, cancel: this.press?.cancel ?? 'no', received_at: card.received_at });
      navigator.vibrate?.(DONE);
    } catch (failure) {
      const problem = failure instanceof ApiProblem ? failure : new ApiProblem('no_answer');
      if (isFinal(problem.code)) this.keep({ ...press, tries: press.tries + 1, cancel: this.press?.cancel ?? 'no', refused: { code: problem.code, facts: problem.facts } });
    }
  }

  private async sendCancel(press: Press): Promise<void> {
    try {
      await this.session.app.api.post(`/distress/${press.uid}/cancel`);
      this.keep({ ...this.press!, cancel: 'sent' });
    } catch (failure) {
      if (failure instanceof ApiProblem && isFinal(failure.code)) this.keep({ ...this.press!, cancel: 'sent' });
    }
  }

  private heed(event: JournalEvent): void {
    const card = event.data['distress'] as DistressCard | undefined;
    if (event.kind === 'distress.ended' && card && card.uid === this.press?.uid) this.keep({ ...this.press, outcome: card.outcome });
  }
}
