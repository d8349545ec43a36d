import { type Job, type Log, StudioError } from '@aistudio/core';

import { pause } from '../waiting.ts';

/** For how long a background job yields to others, ms; after that it runs like any other. */
const MAX_HELD_MS = 30_000;
/** How often to check for waiting real jobs while a background job is being entered, ms. */
const LOOK_MS = 100;

/** Options of {@link BackgroundJobs}. */
export interface BackgroundJobsOptions {
  /** How long a background job waits after a real job ended, ms; 0: background jobs never yield. */
  readonly delayMs: number;
  /** Whether a real job waits and no page is ready for it. */
  readonly realJobWaits: () => Promise<boolean>;
  readonly log: Log;
  /** A clock that never goes back, ms. */
  readonly now?: () => number;
}

/** Watches a background job while it is entered; `signal` aborts as soon as it must yield to a real job. */
export interface Preemption extends Disposable {
  readonly signal: AbortSignal;
  /** Checks once more; rejects with the signal's reason if the job must yield. */
  confirm(): Promise<void>;
}

/**
 * Runs the jobs that people wait for before those that chat programs send by themselves. A background job
 * waits for a moment after a real job ended, because the next prompt may follow. Until Run is pressed it goes
 * back to the queue whenever a real job has no page.
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
    if (!this.#yields(job)) return 0;
    const sinceReal = this.#now() - this.#realEndedAt;
    const { delayMs } = this.#options;
    const ms = (await this.#realJobWaits()) ? delayMs : Math.max(0, delayMs - sinceReal);
    if (ms > 0) this.#noteHeld(job);
    return ms;
  }

  /** Watches a job while it is entered; undefined for a job that never yields. */
  watch(job: Job): Preemption | undefined {
    if (!this.#yields(job)) return undefined;
    const found = new AbortController();
    const over = new AbortController();
    const look = async (): Promise<void> => {
      if (found.signal.aborted || !(await this.#realJobWaits()) || over.signal.aborted) return;
      this.#noteHeld(job);
      found.abort(new PreemptedError(this.#options.delayMs));
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

  #yields({ id, isBackground }: Job): boolean {
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

/** The attempt at a background job ended before Run; it is tried again after `afterMs`. */
export class PreemptedError extends StudioError {
  readonly afterMs: number;

  constructor(afterMs: number) {
    super('worker_lost', 'A prompt that somebody waits for went first. Send the request again.');
    this.afterMs = afterMs;
  }
}
