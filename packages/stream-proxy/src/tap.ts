import { type IncomingHttpHeaders } from 'node:http';

import { createAnswerDecoder, type StreamRpc } from '@aistudio/wire';

import { BodyReader } from './body-reader.ts';
import { type CallRecord, now } from './call-record.ts';

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

/** Reads one call whose answer is streamed: GenerateContent or CreateInteractionStream. */
export class AnswerTap implements Tap {
  readonly #call: CallRecord;
  readonly #rpc: StreamRpc;
  #body: BodyReader | undefined;
  #receivedAt = now();

  constructor(rpc: StreamRpc, call: CallRecord) {
    this.#rpc = rpc;
    this.#call = call;
  }

  requestBytes(bytes: Buffer): void {
    this.#call.requestBytes(bytes);
  }

  requestEnd(): void {
    this.#call.requestEnd();
  }

  response(status: number, headers: IncomingHttpHeaders): void {
    const call = this.#call;
    call.response(status);
    const decoder = createAnswerDecoder(
      { status, retryAfter: headers['retry-after'] },
      {
        rpc: this.#rpc,
        functionNames: call.summary?.functionNames,
        positions: call.positions,
        // A gap is lost text: the page, which knows its own format, is read instead.
        stopsAtGap: true,
      },
    );
    const end = (): void => {
      call.events(decoder.end(), this.#receivedAt);
      if (decoder.failure !== undefined) call.complain(decoder.failure);
      call.end(decoder.outcome, decoder.unknownFrames);
    };
    this.#body = new BodyReader(headers['content-encoding'], {
      bytes: (bytes) => {
        call.events(decoder.push(bytes), this.#receivedAt);
        if (decoder.failure === undefined) return;
        this.#body?.drop();
        end();
      },
      end,
      unreadable: (reason) => {
        call.complain(reason);
        call.end('undecodable', decoder.unknownFrames);
      },
    });
  }

  responseBytes(bytes: Buffer): void {
    this.#receivedAt = now();
    this.#body?.push(bytes);
  }

  responseEnd(): void {
    this.#body?.end();
  }

  interrupted(): void {
    if (this.#body) return this.#body.end(); // the decoder sees that the array is not closed
    this.#call.missRequest('the connection broke before it was complete');
    const decoder = createAnswerDecoder({ status: 200 });
    this.#call.events(decoder.end(), this.#receivedAt); // of no bytes at all: an interruption
    this.#call.end(decoder.outcome);
  }

  aborted(): void {
    this.#body?.drop();
    this.#call.missRequest('dropped by the page before it was complete');
    this.#call.end('aborted');
  }
}
