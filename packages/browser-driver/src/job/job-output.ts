import { setImmediate as turn } from 'node:timers/promises';

import {
  type ErrorRecord,
  isContent,
  isTerminal,
  type JobEvent,
  type JobPhases,
  type JobWriter,
  type Log,
  MAX_APPENDED,
  toLogMessage,
} from '@aistudio/core';

import { type Phases } from '../tiers/phases.ts';

/** One job's event stream, as far as it has come: nothing follows its one terminal event. */
export class JobOutput {
  readonly #writer: JobWriter;
  readonly #phases: Phases;
  readonly #log: Log;
  #hasContent = false;
  #isClosed = false;
  readonly #pending: JobEvent[] = [];
  #pendingPhases: JobPhases | undefined;
  #flushing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(writer: JobWriter, phases: Phases, log: Log) {
    this.#writer = writer;
    this.#phases = phases;
    this.#log = log;
  }

  /** Whether the client has content, after which nothing may start again. */
  get hasContent(): boolean {
    return this.#hasContent;
  }

  /** Whether the job has ended, by us or by somebody else. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Writes an event. What is ready together goes out together: events that come while others are on
   * their way wait for these. Resolves at once while there is room, for the end when it is written;
   * throws when an earlier write failed.
   */
  async write(event: JobEvent): Promise<void> {
    this.#throwFailure();
    if (this.#isClosed) return;
    const phases = this.#phasesWith(event);
    if (isContent(event)) this.#hasContent = true;
    this.#isClosed = isTerminal(event);
    if (phases) this.#pendingPhases = phases;
    this.#pending.push(event);
    this.#flushing ??= this.#flush();
    if (this.#isClosed || this.#pending.length >= MAX_APPENDED) await this.#flushing;
    this.#throwFailure();
  }

  /** Once: what is written after that is tried again. */
  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }

  /** Writes until nothing is left. */
  async #flush(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        await turn(); // whatever is ready in this turn goes along
        const events = joinPieces(this.#pending.splice(0, MAX_APPENDED));
        const phases = this.#pendingPhases;
        this.#pendingPhases = undefined;
        if (await this.#writer.append(events, phases)) continue;
        this.#isClosed = true; // somebody else has ended it
        this.#pending.length = 0;
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#flushing = undefined;
    }
  }

  /** Ends the job with an error. `cause` is for the log, where the record alone does not explain it. */
  async fail(error: ErrorRecord, cause: unknown): Promise<void> {
    const { code } = error;
    const reason = toLogMessage(error);
    const { attempt } = this.#writer;
    if (code === 'internal_error') this.#log.error('request failed', { attempt, error: cause });
    else if (code === 'request_cancelled') this.#log.info('request cancelled', { attempt });
    else this.#log.warn('request failed', { code, attempt, reason });
    await this.write({ type: 'error', error });
  }

  /** The phases, with the events that release a client's headers or end its answer. */
  #phasesWith(event: JobEvent): JobPhases | undefined {
    if (isTerminal(event)) return this.#phases.readAll();
    return isContent(event) && !this.#hasContent ? this.#phases.read() : undefined;
  }
}

/** Neighbouring pieces of text, or of thinking, as one. */
function joinPieces(events: readonly JobEvent[]): JobEvent[] {
  const joined: JobEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (last?.type === 'text' && event.type === 'text') {
      joined[joined.length - 1] = { type: 'text', text: last.text + event.text };
    } else if (last?.type === 'reasoning' && event.type === 'reasoning') {
      joined[joined.length - 1] = { type: 'reasoning', text: last.text + event.text };
    } else joined.push(event);
  }
  return joined;
}
