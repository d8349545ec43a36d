import { type CaptureEnd, type JobEvent, type Log, type RequestSummary } from '@aistudio/core';
import { type ModelRpc, summarizeRequest, type WirePositions } from '@aistudio/wire';

import { BodyCopy } from './body-copy.ts';
import { type Exchange } from './capture.ts';

/** What a call to a model is recorded with. */
export interface CallRecordOptions {
  readonly rpc: ModelRpc;
  readonly exchange: Exchange;
  /** The job that the slot works on, for the log; it does not reject. */
  readonly requestId: Promise<string | undefined>;
  readonly positions?: WirePositions | undefined;
  readonly log: Log;
}

/** Writes one call to a model into its exchange: what was asked, then what came. */
export class CallRecord {
  summary: RequestSummary | undefined;
  /** Whether any event has been written. */
  hasEvents = false;
  readonly positions: WirePositions | undefined;
  readonly #rpc: ModelRpc;
  readonly #exchange: Exchange;
  readonly #requestId: Promise<string | undefined>;
  readonly #log: Log;
  readonly #at = Date.now();
  readonly #request = new BodyCopy();
  #isRequestKnown = false;

  constructor({ rpc, exchange, requestId, positions, log }: CallRecordOptions) {
    this.positions = positions;
    this.#rpc = rpc;
    this.#exchange = exchange;
    this.#requestId = requestId;
    this.#log = log.child({ exchange: exchange.id });
  }

  requestBytes(bytes: Buffer): void {
    this.#request.push(bytes);
  }

  requestEnd(): void {
    if (this.#isRequestKnown) return;
    const body = this.#request.take();
    const summary = body && summarizeRequest(body, this.#rpc, this.positions);
    if (!summary) return this.missRequest(body ? `not a ${this.#rpc} array` : 'too large');
    this.#isRequestKnown = true;
    this.summary = summary;
    this.#exchange.write({ type: 'request', at: this.#at, summary });
  }

  /** The request cannot be read, unless it has been. */
  missRequest(undecodable: string): void {
    if (this.#isRequestKnown) return;
    this.#isRequestKnown = true;
    this.#say('warn', 'request not understood', { reason: undecodable });
    this.#exchange.write({ type: 'request', at: this.#at, undecodable });
  }

  /** HTTP status. */
  response(status: number): void {
    this.missRequest('answered before it was complete');
    this.#exchange.write({ type: 'response', status });
  }

  /** `at` is when their bytes came, epoch ms with fractions. */
  events(events: readonly JobEvent[], at: number): void {
    this.hasEvents ||= events.length > 0;
    this.#exchange.write(...events.map((event) => ({ type: 'event', at, event }) as const));
  }

  end(end: CaptureEnd, unknownFrames = 0): void {
    if (unknownFrames > 0) this.#say('warn', 'frames of unknown shape', { unknownFrames });
    this.#say('info', 'answer passed', { end, rpc: this.#rpc, ms: Date.now() - this.#at });
    this.#exchange.write({ type: 'end', end, unknownFrames });
  }

  /** Says why something of the answer cannot be read. */
  complain(reason: string): void {
    this.#say('warn', 'answer not decodable', { reason });
  }

  #say(level: 'info' | 'warn', message: string, fields: object): void {
    void this.#requestId.then((requestId) =>
      this.#log.log(level, message, { requestId, ...fields }),
    );
  }
}

/** Epoch ms with fractions. */
export const now = (): number => performance.timeOrigin + performance.now();
