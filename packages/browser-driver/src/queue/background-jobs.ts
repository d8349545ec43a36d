import { type Job, type Log, StudioError } from '@aistudio/core';

import { pause } from '../waiting.ts';

/** For how long a background job makes way for others, ms: after that it has its turn like any. */
const MAX_HELD_MS = 30_000;
/** How often to look whether a real job waits while a background job is entered, ms. */
const LOOK_MS = 100;

/** What this needs. */
export interface BackgroundJobsOptions {
  /** How long a real job may come after the last one, ms; 0: background jobs never make way. */
  readonly delayMs: number;
  /** Whether a real job waits that no page is ready for. */
  readonly realJobWaits: () => Promise<boolean>;
  readonly log: Log;
  /** A clock that never goes back, ms. */
  readonly now?: () => number;
}

/** A background job that is entered; `signal` aborts as soon as it is to make way for a real one. */
export interface MakingWay extends Disposable {
  readonly signal: AbortSignal;
  /** Looks once more; rejects with the signal's reason where the job is to make way. */
  confirm(): Promise<void>;
}

/**
 * Lets the jobs that somebody waits for go before those that chat programs send by themselves: a
 * background job waits for a moment after a real answer ended, since the next prompt may be about to
 * come, and goes back to the queue, until Run is pressed, when a real job has no page.
 */
export class BackgroundJobs {
  readonly #options: BackgroundJobsOptions;
  readonly #now: () => number;
  #realEndedAt = -Infinity;
  /** When each job was put back for the first time. */
  readonly #heldSince = new Map<string, number>();

  constructor(options: BackgroundJobsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Notes that a job is over. */
  noteEnd({ id, isBackground }: Job): void {
    if (!isBackground) this.#realEndedAt = this.#now();
    this.#heldSince.delete(id);
  }

  /** For how long a job that was just taken goes back to the queue, ms; 0: it may be answered. */
  async holdMs(job: Job): Promise<number> {
    if (!this.#makesWay(job)) return 0;
    const sinceReal = this.#now() - this.#realEndedAt;
    const { delayMs } = this.#options;
    const ms = (await this.#realJobWaits()) ? delayMs : Math.max(0, delayMs - sinceReal);
    if (ms > 0) this.#noteHeld(job);
    return ms;
  }

  /** Watches a job that is entered; undefined for one that makes no way. */
  watch(job: Job): MakingWay | undefined {
    if (!this.#makesWay(job)) return undefined;
    const found = new AbortController();
    const over = new AbortController();
    const look = async (): Promise<void> => {
      if (found.signal.aborted || !(await this.#realJobWaits()) || over.signal.aborted) return;
      this.#noteHeld(job);
      found.abort(new MadeWay(this.#options.delayMs));
    };
    const lookOften = async (): Promise<void> => {
      while (!over.signal.aborted && !found.signal.aborted) {
        await pause(LOOK_MS, over.signal);
        if (!over.signal.aborted) await look();
      }
    };
    void lookOften();
    return {
      signal: found.signal,
      async confirm() {
        await look();
        found.signal.throwIfAborted();
      },
      [Symbol.dispose]: () => over.abort(),
    };
  }

  #makesWay({ id, isBackground }: Job): boolean {
    if (!isBackground || this.#options.delayMs === 0) return false;
    const since = this.#heldSince.get(id);
    return since === undefined || this.#now() - since < MAX_HELD_MS;
  }

  /** That Redis cannot be asked holds nobody up. */
  async #realJobWaits(): Promise<boolean> {
    return this.#options.realJobWaits().catch((error: unknown) => {
      this.#options.log.debug('waiting jobs not seen', { error });
      return false;
    });
  }

  #noteHeld({ id }: Job): void {
    if (this.#heldSince.has(id)) return;
    this.#heldSince.set(id, this.#now());
    // One that never comes back was answered by another worker, or its client left.
    for (const [other, since] of this.#heldSince) {
      if (this.#now() - since > 10 * MAX_HELD_MS) this.#heldSince.delete(other);
    }
  }
}

/** Why an attempt at a background job ends before Run: it is to be tried again after `afterMs`. */
export class MadeWay extends StudioError {
  readonly afterMs: number;

  constructor(afterMs: number) {
    super('worker_lost', 'A prompt that somebody waits for went first. Send the request again.');
    this.afterMs = afterMs;
  }
}
