import { type CaptureEnd, type JobEvent, toErrorRecord } from '@aistudio/core';

import { FrameScanner, type ScannerOptions } from './frames.ts';
import { FrameReader } from './generate-content.ts';
import { isWebPage, parseRpcFailure, toStudioError } from './rpc-error.ts';
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

/** Reads one GenerateContent answer. `push` as bytes come, then `end` once. Neither throws. */
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
}

/** The decoder for an answer with this head (wire-format.md §5). */
export function createAnswerDecoder(head: AnswerHead, options: DecoderOptions = {}): AnswerDecoder {
  return head.status >= 200 && head.status < 300
    ? new StreamDecoder(head, options)
    : new ErrorBodyDecoder(head);
}

class StreamDecoder implements AnswerDecoder {
  outcome: AnswerDecoder['outcome'] = 'truncated';
  failure: string | undefined;
  readonly #scanner: FrameScanner;
  readonly #reader = new FrameReader();
  readonly #mapper = new JobEventMapper();
  readonly #answer: AnswerHead;
  readonly #head = new Head();
  readonly #stopsAtGap: boolean;
  #hasEnded = false;

  constructor(answer: AnswerHead, options: DecoderOptions) {
    this.#answer = answer;
    this.#stopsAtGap = options.stopsAtGap ?? false;
    this.#scanner = new FrameScanner(options);
  }

  get unknownFrames(): number {
    return this.#reader.unknown + this.#scanner.malformed;
  }

  push(bytes: Uint8Array): JobEvent[] {
    if (this.#hasEnded) return [];
    if (this.#reader.known === 0) this.#head.push(bytes);
    const events: JobEvent[] = [];
    for (const frame of this.#scanner.push(bytes)) {
      const said = this.#read(frame);
      if (this.#hasGap()) break;
      events.push(...this.#mapper.map(said));
    }
    // As long as nothing is known it may be an error of any shape: the end will tell.
    if (this.#hasGap() && this.#reader.known > 0)
      this.#giveUp('something in it is of unknown shape');
    else if (this.#scanner.closed && this.#reader.hasEnding)
      events.push(...this.#close('complete'));
    return events;
  }

  end(): JobEvent[] {
    if (this.#hasEnded) return [];
    const { failure, closed } = this.#scanner;
    if (this.#reader.hasEnding && closed) return this.#close('complete');
    const body = this.#head.bytes;
    if (this.#reader.known === 0 && (isWebPage(body) || parseRpcFailure(body))) {
      this.#hasEnded = true;
      this.outcome = 'complete';
      return [toErrorEvent(this.#answer, body)];
    }
    if (failure !== undefined) return this.#giveUp(failure);
    if (closed && this.unknownFrames > 0) return this.#giveUp('its frames are of unknown shape');
    return this.#close('truncated');
  }

  #hasGap(): boolean {
    return this.#stopsAtGap && (this.unknownFrames > 0 || this.#scanner.failure !== undefined);
  }

  #read(frame: unknown): ReturnType<FrameReader['read']> {
    try {
      return this.#reader.read(frame);
    } catch {
      this.#reader.unknown += 1; // nested so deeply that reading it overflows the stack
      return [];
    }
  }

  #close(outcome: 'complete' | 'truncated'): JobEvent[] {
    this.#hasEnded = true;
    this.outcome = outcome;
    return this.#mapper.map(this.#reader.end(this.#scanner.closed));
  }

  #giveUp(reason: string): JobEvent[] {
    this.#hasEnded = true;
    this.outcome = 'undecodable';
    this.failure = reason;
    return [];
  }
}

class ErrorBodyDecoder implements AnswerDecoder {
  readonly outcome = 'complete';
  readonly unknownFrames = 0;
  readonly failure = undefined;
  readonly #answer: AnswerHead;
  readonly #head = new Head();
  #hasEnded = false;

  constructor(answer: AnswerHead) {
    this.#answer = answer;
  }

  push(bytes: Uint8Array): JobEvent[] {
    this.#head.push(bytes);
    return [];
  }

  end(): JobEvent[] {
    if (this.#hasEnded) return [];
    this.#hasEnded = true;
    return [toErrorEvent(this.#answer, this.#head.bytes)];
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
