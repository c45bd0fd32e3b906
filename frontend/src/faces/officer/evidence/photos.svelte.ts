/**
 * Photos on their way: kept on the phone, announced through the outbox after whatever was written before them, then sent part
 * by part. A break, a reload or another order changes nothing; each says whether it arrived.
 */
import { ApiProblem, type Api } from '../../../core/api';
import { waitMs, type Waiting } from '../../../core/outbox';
import { uuid7 } from '../../../core/uuid7';
import type { Kept, PhotoShelf } from './shelf';
import { hashOf, prepare, type PhotoLimits, type Prepared } from './shrink';

interface UploadState {
  uid: string;
  received: number;
  size: number;
  part_bytes: number;
  done: boolean;
}

/** Which photo is for what. */
export interface Belongs {
  incident: string;
  order: string;
  note?: string;
}

export interface Ties {
  api: Api;
  person: string;
  limits: PhotoLimits;
  /** Post through the outbox, in order, under this key. */
  post: (path: string, body: unknown, what: string, key: string) => Promise<void>;
  outbox: () => readonly Waiting[];
  /** The device's moment, ISO 8601, in the server's time. */
  moment: () => string;
}

/** Refusals that time does not heal. */
const FINAL = new Set(['not_a_photo', 'photo_altered', 'photo_known', 'photo_erased', 'too_big', 'bad_input', 'wrong_state', 'exists', 'not_found']);
const KEPT_DONE_MS = 12 * 3_600_000;

export class Photos {
  list = $state.raw<readonly Kept[]>([]);
  /** Why the last chosen file could not be taken, here or at the server, or null. */
  problem = $state.raw<ApiProblem | null>(null);
  busy = $state(false);
  private sending = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ties: Ties,
    private readonly shelf: PhotoShelf,
    private readonly ready: (file: Blob, limits: PhotoLimits) => Promise<Prepared> = prepare,
  ) {}

  get unsent(): number {
    return this.list.filter((one) => one.state === 'waiting').length;
  }

  /** Read what was kept before a reload. */
  async begin(): Promise<void> {
    try {
      const kept = await this.shelf.load();
      const old = kept.filter((one) => one.state !== 'waiting' && Date.now() - one.pressed_ms > KEPT_DONE_MS);
      await this.shelf.drop(old.map((one) => one.uid));
      this.list = kept.filter((one) => !old.includes(one));
    } catch {
      this.list = [];
    }
    await this.flush();
  }

  /** Those of `files` that are photos; of the others `problem` says why not. For files that are kept a while before they go. */
  async pick(files: readonly File[]): Promise<File[]> {
    const good: File[] = [];
    for (const file of files) {
      const problem = await this.ready(file, this.ties.limits).then(() => null, (failure: unknown) => failure);
      if (problem === null) good.push(file);
      else this.problem = problem instanceof ApiProblem ? problem : new ApiProblem('photo_not_kept');
    }
    return good;
  }

  /** Take a file: made ready, kept on the phone, announced. Says in `problem` why not. */
  async add(file: Blob, to: Belongs): Promise<void> {
    this.busy = true;
    try {
      const made = await this.ready(file, this.ties.limits);
      const sha256 = await hashOf(made.blob);
      if (!sha256) throw new ApiProblem('photo_insecure');
      const uid = uuid7();
      const announcement = {
        uid, order: to.order, sha256, size: made.blob.size, reduced: made.reduced, device_at: this.ties.moment(), declared: made.declared,
        ...(to.note ? { note: to.note } : {}),
      };
      const one: Kept = {
        uid, person: this.ties.person, incident: to.incident, order: to.order, announcement, size: made.blob.size,
        reduced: made.reduced, pressed_ms: Date.now(), sent: 0, state: 'waiting', problem: null, facts: {}, blob: made.blob,
      };
      await this.shelf.put(one);
      this.list = [...this.list, one];
      await this.announce(one);
    } catch (failure) {
      this.problem = failure instanceof ApiProblem ? failure : new ApiProblem('photo_not_kept');
    } finally {
      this.busy = false;
    }
    await this.flush();
  }

  /** Send what waits, oldest first, as far as the network goes. */
  async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let next = this.next(); next; next = this.next()) {
        if (await this.send(next)) this.tries = 0;
        else {
          this.tries += 1;
          break;
        }
      }
    } finally {
      this.sending = false;
    }
    this.later();
  }

  /** Try a refused one no more, or wipe everything (sign-out). Unsent ones stay at the end of duty: they go on with the next. */
  async forget(everything = false): Promise<void> {
    const gone = this.list.filter((one) => everything || one.state !== 'waiting');
    this.list = this.list.filter((one) => !gone.includes(one));
    if (everything) clearTimeout(this.timer);
    await (everything ? this.shelf.clear() : this.shelf.drop(gone.map((one) => one.uid))).catch(() => undefined);
  }

  /** While some are unsent, try again by itself, as the outbox does: also for those whose announcement is still on its way. */
  private later(): void {
    clearTimeout(this.timer);
    if (this.unsent) this.timer = setTimeout(() => void this.flush(), waitMs(this.tries));
  }

  private announce(one: Kept): Promise<void> {
    return this.ties.post(`/incidents/${one.incident}/attachments`, one.announcement, 'photo', one.uid);
  }

  private next(): Kept | undefined {
    return this.list.find((one) => one.state === 'waiting' && one.blob && this.announced(one)?.state !== 'waiting');
  }

  /** Its announcement as the outbox has it; one that is not there any more has arrived long ago. */
  private announced(one: Kept): Waiting | undefined {
    // What an older page announced went under a key of its own.
    return this.ties.outbox().find((item) => item.key === one.uid || (item.body as { uid?: string } | null)?.uid === one.uid);
  }

  private async send(one: Kept): Promise<boolean> {
    const item = this.announced(one);
    if (item?.state === 'refused') {
      await this.refused(one, new ApiProblem(item.problem ?? 'bad_answer', item.facts));
      return true;
    }
    try {
      await this.bytes(one);
      await this.change(one.uid, { state: 'arrived', sent: one.size, problem: null, blob: null });
      return true;
    } catch (failure) {
      const problem = failure instanceof ApiProblem ? failure : new ApiProblem('no_answer');
      if (problem.code === 'not_found' && !item && one.announcement) {
        // The page went between keeping the photo and announcing it.
        await this.announce(one);
        return true;
      }
      if (FINAL.has(problem.code)) {
        await this.refused(one, problem);
        return true;
      }
      await this.change(one.uid, { problem: problem.code, facts: problem.facts });
      return false;
    }
  }

  private async refused(one: Kept, problem: ApiProblem): Promise<void> {
    this.problem = problem;
    await this.change(one.uid, { state: 'refused', problem: problem.code, facts: problem.facts, blob: null });
  }

  private async bytes(one: Kept): Promise<void> {
    const { api } = this.ties;
    let state = await api.get<UploadState>(`/attachments/${one.uid}/upload`);
    while (!state.done && state.received < one.size) {
      const part = one.blob!.slice(state.received, state.received + state.part_bytes, 'application/octet-stream');
      state = await api.post<UploadState>(`/attachments/${one.uid}/parts?offset=${state.received}`, part);
      this.show(one.uid, { sent: state.received });
    }
    if (!state.done) await api.post(`/attachments/${one.uid}/finish`);
  }

  private show(uid: string, change: Partial<Kept>): void {
    this.list = this.list.map((one) => (one.uid === uid ? { ...one, ...change } : one));
  }

  private async change(uid: string, change: Partial<Kept>): Promise<void> {
    this.show(uid, change);
    const now = this.list.find((one) => one.uid === uid);
    if (now) await this.shelf.put(now).catch(() => undefined);
  }
}
