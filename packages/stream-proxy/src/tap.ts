import { type IncomingHttpHeaders } from 'node:http';

import { type CaptureEnd, type JobEvent, type Log } from '@aistudio/core';
import { createAnswerDecoder, summarizeRequest } from '@aistudio/wire';

import { BodyCopy } from './body-copy.ts';
import { BodyReader } from './body-reader.ts';
import { type Exchange } from './capture.ts';

/** Gets a copy of everything that passes in one exchange. No method throws or waits. */
export interface Tap {
  requestBytes(bytes: Buffer): void;
  requestEnd(): void;
  response(status: number, headers: IncomingHttpHeaders): void;
  responseBytes(bytes: Buffer): void;
  responseEnd(): void;
  /** The connection to the service broke. */
  interrupted(): void;
  /** The page dropped the request. */
  aborted(): void;
}

/** Epoch ms with fractions. */
const now = (): number => performance.timeOrigin + performance.now();

/** Reads one GenerateContent call into its exchange. */
export class GenerateContentTap implements Tap {
  readonly #exchange: Exchange;
  readonly #requestId: Promise<string | undefined>;
  readonly #log: Log;
  readonly #at = Date.now();
  readonly #request = new BodyCopy();
  #isRequestKnown = false;
  #body: BodyReader | undefined;
  #heardAt = now();

  /** `requestId`, for the log, is the job that the slot works on; it does not reject. */
  constructor(exchange: Exchange, requestId: Promise<string | undefined>, log: Log) {
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
    const summary = body && summarizeRequest(body);
    if (!summary) return this.#missRequest(body ? 'not a GenerateContent array' : 'too large');
    this.#isRequestKnown = true;
    this.#exchange.write({ type: 'request', at: this.#at, summary });
  }

  response(status: number, headers: IncomingHttpHeaders): void {
    this.#missRequest('answered before it was complete');
    this.#exchange.write({ type: 'response', status });
    const head = { status, retryAfter: headers['retry-after'] };
    // A gap is lost text: the page, which knows its own format, is read instead.
    const decoder = createAnswerDecoder(head, { stopsAtGap: true });
    const end = (): void => {
      this.#write(decoder.end());
      if (decoder.failure !== undefined) this.#complain(decoder.failure);
      this.#end(decoder.outcome, decoder.unknownFrames);
    };
    this.#body = new BodyReader(headers['content-encoding'], {
      bytes: (bytes) => {
        this.#write(decoder.push(bytes));
        if (decoder.failure === undefined) return;
        this.#body?.drop();
        end();
      },
      end,
      unreadable: (reason) => {
        this.#complain(reason);
        this.#end('undecodable', decoder.unknownFrames);
      },
    });
  }

  responseBytes(bytes: Buffer): void {
    this.#heardAt = now();
    this.#body?.push(bytes);
  }

  responseEnd(): void {
    this.#body?.end();
  }

  interrupted(): void {
    if (this.#body) return this.#body.end(); // the decoder sees that the array is not closed
    this.#missRequest('the connection broke before it was complete');
    const decoder = createAnswerDecoder({ status: 200 });
    this.#write(decoder.end()); // of no bytes at all: an interruption
    this.#end(decoder.outcome);
  }

  aborted(): void {
    this.#body?.drop();
    this.#missRequest('dropped by the page before it was complete');
    this.#end('aborted');
  }

  #missRequest(undecodable: string): void {
    if (this.#isRequestKnown) return;
    this.#isRequestKnown = true;
    this.#say('warn', 'request not understood', { reason: undecodable });
    this.#exchange.write({ type: 'request', at: this.#at, undecodable });
  }

  #write(events: readonly JobEvent[]): void {
    const at = this.#heardAt;
    for (const event of events) this.#exchange.write({ type: 'event', at, event });
  }

  #end(end: CaptureEnd, unknownFrames = 0): void {
    if (unknownFrames > 0) this.#say('warn', 'frames of unknown shape', { unknownFrames });
    this.#say('info', 'answer passed', { end, ms: Date.now() - this.#at });
    this.#exchange.write({ type: 'end', end, unknownFrames });
  }

  #complain(reason: string): void {
    this.#say('warn', 'answer not decodable', { reason });
  }

  #say(level: 'info' | 'warn', message: string, fields: object): void {
    void this.#requestId.then((requestId) =>
      this.#log.log(level, message, { requestId, ...fields }),
    );
  }
}
