import { type CaptureEnd, type JobEvent, toErrorRecord } from '@aistudio/core';

import { type MessageReader } from './answer-event.ts';
import { FrameScanner, type ScannerOptions } from './frames.ts';
import { FrameReader } from './generate-content.ts';
import { InteractionReader } from './interaction-reader.ts';
import { type WirePositions } from './positions.ts';
import {
  isWebPage,
  parseRpcFailure,
  type RpcFailure,
  toRpcStatus,
  toStudioError,
  withRetryAfter,
} from './rpc-error.ts';
import { type ModelRpc } from './rpc.ts';
import { JobEventMapper } from './to-job-events.ts';

/** How much of a body is kept to read an error from. Bytes. */
const HEAD_BYTES = 256 * 1024;

/** The status line and headers that the meaning of a body depends on. */
export interface AnswerHead {
  /** HTTP status */
  readonly status: number;
  /** Value of the `Retry-After` header. */
  readonly retryAfter?: string | undefined;
}

/** Reads one answer. `push` as bytes come, then `end` once. Neither throws. */
export interface AnswerDecoder {
  /**
   * Takes the next bytes of the body, decompressed, cut anywhere; gives the events they complete.
   * `usage` and the terminal event come as soon as the body's array is closed.
   */
  push(bytes: Uint8Array): JobEvent[];
  /**
   * Says that no more bytes come, whether the body was complete or the connection broke; gives what
   * is still owed, the terminal event at the latest. Nothing when the answer is `undecodable`:
   * then another way of reading it may still succeed.
   */
  end(): JobEvent[];
  /** How the body ended; meaningful after `end`. */
  readonly outcome: Exclude<CaptureEnd, 'aborted'>;
  /** Frames and parts of a shape we do not know, skipped so far. */
  readonly unknownFrames: number;
  /** Why the body is `undecodable`, for the log; set as soon as that is known. */
  readonly failure: string | undefined;
}

/** How to read an answer. */
export interface DecoderOptions extends Pick<ScannerOptions, 'maxElementBytes'> {
  /**
   * Gives up (`undecodable`) at the first thing of unknown shape, with no event from behind the gap,
   * so that whoever can read the answer another way takes over at once. Otherwise such things are
   * skipped and counted.
   */
  readonly stopsAtGap?: boolean;
  /** The method that gave the answer; GenerateContent unless said. */
  readonly rpc?: StreamRpc | undefined;
  /** The functions that the request declares, where that is known. */
  readonly functionNames?: readonly string[] | undefined;
  /** Where things stand in the messages; the built-in table unless said. */
  readonly positions?: WirePositions | undefined;
}

/** A method whose answer is a stream of messages. */
export type StreamRpc = Exclude<ModelRpc, 'CreateInteraction'>;

/** The decoder for an answer with this head (wire-format.md §5). */
export function createAnswerDecoder(head: AnswerHead, options: DecoderOptions = {}): AnswerDecoder {
  const { rpc = 'GenerateContent', positions, functionNames } = options;
  const reader =
    rpc === 'GenerateContent'
      ? new FrameReader(positions)
      : new InteractionReader(positions, functionNames);
  return new StreamDecoder(head, reader, options);
}

/**
 * Reads `[[message, …], status?]`. An error body is the same with no messages (wire-format.md §5.1,
 * §5.10), so one reader does for both; what comes with an HTTP error is never taken for an answer.
 */
class StreamDecoder implements AnswerDecoder {
  outcome: AnswerDecoder['outcome'] = 'truncated';
  failure: string | undefined;
  readonly #scanner: FrameScanner;
  readonly #reader: MessageReader;
  readonly #mapper = new JobEventMapper();
  readonly #answer: AnswerHead;
  readonly #head = new Head();
  readonly #positions: WirePositions | undefined;
  readonly #isRefused: boolean;
  readonly #stopsAtGap: boolean;
  #hasEnded = false;
  #isOver = false;

  constructor(answer: AnswerHead, reader: MessageReader, options: DecoderOptions) {
    this.#answer = answer;
    this.#reader = reader;
    this.#positions = options.positions;
    this.#isRefused = answer.status < 200 || answer.status >= 300;
    this.#stopsAtGap = options.stopsAtGap ?? false;
    this.#scanner = new FrameScanner(options);
  }

  get unknownFrames(): number {
    return this.#isRefused ? 0 : this.#reader.unknown + this.#scanner.malformed;
  }

  push(bytes: Uint8Array): JobEvent[] {
    if (this.#isOver) return [];
    if (this.#reader.known === 0) this.#head.push(bytes);
    const hadGap = this.#hasGap();
    const messages = this.#scanner.push(bytes);
    if (this.#hasEnded) {
      this.#requireNothingMore();
      return [];
    }
    if (this.#isRefused) return [];
    const events: JobEvent[] = [];
    for (const [index, message] of messages.entries()) {
      const read = this.#read(message);
      const isBehindGap = hadGap || index >= this.#scanner.sound || this.#reader.unknown > 0;
      if (this.#stopsAtGap && isBehindGap) break;
      events.push(...this.#mapper.map(read));
    }
    // As long as nothing is known it may be an error of any shape: the end will tell.
    if (this.#hasGap() && this.#reader.known > 0)
      this.#giveUp('something in it is of unknown shape');
    else if (this.#scanner.closed && (this.#reader.hasEnding || this.#status)) {
      events.push(...this.#close('complete'));
      this.#requireNothingMore();
    }
    return events;
  }

  end(): JobEvent[] {
    this.#isOver = true;
    if (this.#hasEnded) return [];
    const { failure, closed } = this.#scanner;
    if (this.#isRefused) return this.#refuse();
    if (this.#status) return this.#close('complete');
    if (this.#reader.hasEnding && closed) return this.#close('complete');
    const body = this.#head.bytes;
    if (this.#reader.known === 0 && (isWebPage(body) || parseRpcFailure(body))) {
      return this.#refuse();
    }
    if (failure !== undefined) return this.#giveUp(failure);
    if (closed && this.unknownFrames > 0) return this.#giveUp('its frames are of unknown shape');
    return this.#close('truncated');
  }

  /** How the call ended, where it failed: the element behind the list of messages. */
  get #status(): RpcFailure | undefined {
    return toRpcStatus(this.#scanner.status, this.#positions);
  }

  #hasGap(): boolean {
    const { closed, failure } = this.#scanner;
    return this.#stopsAtGap && (this.unknownFrames > 0 || (failure !== undefined && !closed));
  }

  #read(message: unknown): ReturnType<MessageReader['read']> {
    try {
      return this.#reader.read(message);
    } catch {
      this.#reader.unknown += 1; // nested so deeply that reading it overflows the stack
      return [];
    }
  }

  #close(outcome: 'complete' | 'truncated'): JobEvent[] {
    this.#hasEnded = true;
    this.outcome = outcome;
    const status = this.#status && withRetryAfter(this.#status, this.#answer.retryAfter);
    return this.#mapper.map(this.#reader.end(this.#scanner.closed, status));
  }

  /** The whole body says why there is no answer. */
  #refuse(): JobEvent[] {
    this.#hasEnded = true;
    this.outcome = 'complete';
    return [toErrorEvent(this.#answer, this.#head.bytes)];
  }

  #giveUp(reason: string): JobEvent[] {
    this.#hasEnded = true;
    this.outcome = 'undecodable';
    this.failure = reason;
    return [];
  }

  /** The page takes input behind the end for a failure, though everything before it was read. */
  #requireNothingMore(): void {
    if (this.outcome === 'complete' && this.#scanner.failure !== undefined)
      this.#giveUp(this.#scanner.failure);
  }
}

const toErrorEvent = (answer: AnswerHead, body: Uint8Array): JobEvent => ({
  type: 'error',
  error: toErrorRecord(toStudioError({ ...answer, body })),
});

/** The beginning of a body. */
class Head {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  push(bytes: Uint8Array): void {
    const piece = bytes.subarray(0, HEAD_BYTES - this.#length);
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}
