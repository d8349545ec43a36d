import { type RpcFailure } from './rpc-error.ts';
import { type Json } from './struct.ts';

/** Token counts of one answer as AI Studio sends them (wire-format.md §5.4). */
export interface AnswerUsage {
  readonly prompt: number;
  /** without thoughts */
  readonly output: number;
  readonly thoughts: number;
  /** what tools such as search put before the model */
  readonly tool: number;
  readonly total: number;
  /** Only `output` is known, and the others are 0. */
  readonly isPartial?: boolean;
}

/** One thing the wire says, in the order it says it (wire-format.md §11). */
export type AnswerEvent =
  | { readonly type: 'text' | 'thought'; readonly text: string }
  | {
      readonly type: 'call';
      readonly name: string;
      readonly args: { readonly [key: string]: Json };
      readonly id?: string;
    }
  /** `data` is base64. */
  | { readonly type: 'media'; readonly mime: string; readonly data: string }
  | { readonly type: 'code'; readonly lang: string; readonly code: string }
  | { readonly type: 'codeResult'; readonly outcome: string; readonly output: string }
  /** Base64; `on` says whether its part holds anything else: then it belongs to the event before. */
  | { readonly type: 'signature'; readonly on: 'alone' | 'part'; readonly value: string }
  | { readonly type: 'citation'; readonly url: string; readonly title: string }
  | ({ readonly type: 'grounding' } & Grounding)
  | { readonly type: 'blocked'; readonly reason: string }
  | ({ readonly type: 'usage' } & AnswerUsage)
  /** `message` is the service's own sentence about it. */
  | { readonly type: 'finish'; readonly reason: string; readonly message?: string }
  | { readonly type: 'error'; readonly kind: 'truncated' }
  | ({ readonly type: 'error'; readonly kind: 'rpc' } & RpcFailure);

/** What a search found and which part of the answer rests on it (wire-format.md §5.7). */
export interface Grounding {
  readonly queries: readonly string[];
  readonly chunks: readonly { readonly uri: string; readonly title: string }[];
  readonly supports: readonly {
    /** bytes of UTF-8 */
    readonly start: number;
    /** bytes of UTF-8 */
    readonly end: number;
    readonly text: string;
    /** indexes into `chunks` */
    readonly chunks: readonly number[];
  }[];
}

/**
 * Turns the messages of one answer into events. It keeps what comes once for the whole answer (usage,
 * finish, refusal) and gives it at the end. Unknown shapes are counted, never thrown.
 */
export interface MessageReader {
  /** Messages and parts of a shape we do not know. */
  unknown: number;
  /** Messages of a shape we know. */
  readonly known: number;
  /** True once the service said how the answer ended. */
  readonly hasEnding: boolean;
  /** The events of one message. */
  read(message: unknown): AnswerEvent[];
  /**
   * The events that close the answer: usage, then how it ended. `closed`: its array was closed.
   * `status` is how the call ended, where that is a failure: it outweighs all that was said before.
   */
  end(closed: boolean, status?: RpcFailure): AnswerEvent[];
}
