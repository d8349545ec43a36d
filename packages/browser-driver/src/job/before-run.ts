import { type Preemption } from '../queue/background-jobs.ts';

/**
 * Ends an attempt before Run is pressed, when this worker stops or a prompt that somebody waits for needs the
 * page. The job then goes back to the queue. Once Run was pressed, neither ends the attempt.
 */
export class BeforeRun implements Disposable {
  readonly #ended = new AbortController();
  readonly #over = new AbortController(); // takes the listeners away again
  readonly #causes: readonly AbortSignal[];
  readonly #preemption: Preemption | undefined;

  constructor(draining: AbortSignal, preemption: Preemption | undefined) {
    this.#causes = preemption ? [draining, preemption.signal] : [draining];
    this.#preemption = preemption;
    for (const cause of this.#causes) {
      if (cause.aborted) this.#ended.abort(cause.reason);
      const end = (): void => this.#ended.abort(cause.reason);
      cause.addEventListener('abort', end, { signal: this.#over.signal });
    }
  }

  /** Aborts when the attempt is to end. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** To be awaited before each press of Run; rejects where the job is to go back instead. */
  async confirm(): Promise<void> {
    for (const cause of this.#causes) if (cause.aborted) this.#ended.abort(cause.reason);
    this.#ended.signal.throwIfAborted();
    if (!this.#over.signal.aborted) await this.#preemption?.confirm();
  }

  /** Run is about to be pressed: the attempt goes on to its end. */
  [Symbol.dispose](): void {
    this.#over.abort();
    this.#preemption?.[Symbol.dispose]();
  }
}
