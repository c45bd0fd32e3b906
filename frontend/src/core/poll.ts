/** The board by plain HTTP, again and again: for a network that lets no WebSocket live. Slower than the feed, and said so. */
import type { Board } from '../contract/types';
import { ApiProblem } from './api';

/** Between two answers; the upper half is random, so that a city behind one proxy does not ask in step. */
export const POLL_MS = 5000;
/** A feed that is asked for is late, not dead, for so many times longer than one that tells by itself. */
export const POLL_SLOWER = 5;

export interface PollOptions {
  ask: () => Promise<Board>;
  take: (board: Board) => void;
  /** The session is over, or the right is gone (error code): asking again is no use. */
  refused: (code: string) => void;
}

export class Poll {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;

  constructor(private readonly options: PollOptions) {}

  begin(): void {
    if (this.running) return;
    this.running = true;
    void this.once();
  }

  end(): void {
    this.running = false;
    clearTimeout(this.timer);
  }

  private async once(): Promise<void> {
    try {
      const board = await this.options.ask();
      if (this.running) this.options.take(board);
    } catch (failure) {
      const code = failure instanceof ApiProblem ? failure.code : '';
      if (this.running && (code === 'not_signed_in' || code === 'forbidden')) {
        this.end();
        this.options.refused(code);
      }
    }
    if (this.running) this.timer = setTimeout(() => void this.once(), POLL_MS * (0.75 + Math.random() / 2));
  }
}
