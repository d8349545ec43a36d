import {
  type ErrorRecord,
  isContent,
  isTerminal,
  type JobEvent,
  type JobPhases,
  type JobWriter,
  type Log,
} from '@aistudio/core';

import { type Phases } from '../tiers/phases.ts';

/** One job's event stream, as far as it has come: nothing follows its one terminal event. */
export class JobOutput {
  readonly #writer: JobWriter;
  readonly #phases: Phases;
  readonly #log: Log;
  #hasContent = false;
  #isClosed = false;

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

  async write(event: JobEvent): Promise<void> {
    if (this.#isClosed) return;
    const phases = this.#phasesWith(event);
    if (isContent(event)) this.#hasContent = true;
    this.#isClosed = isTerminal(event);
    const isOurs = await this.#writer.append(event, phases);
    if (!isOurs) this.#isClosed = true; // somebody else has ended it
  }

  /** Ends the job with an error. `cause` is for the log, where the record alone does not explain it. */
  async fail(error: ErrorRecord, cause: unknown): Promise<void> {
    const { code, message: reason } = error;
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
