import { at, integerAt, integersAt, listAt, textAt, textsAt } from './message.ts';
import { type RpcFailure, toRpcFailure } from './rpc-error.ts';
import { type Json, toObject } from './struct.ts';

/** Token counts of one answer as AI Studio sends them (wire-format.md §5.4). */
export interface AnswerUsage {
  readonly prompt: number;
  /** without thoughts */
  readonly output: number;
  readonly thoughts: number;
  /** what tools such as search put before the model */
  readonly tool: number;
  readonly total: number;
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
  | { readonly type: 'finish'; readonly reason: string }
  | { readonly type: 'error'; readonly kind: 'truncated' }
  | ({ readonly type: 'error'; readonly kind: 'rpc' } & RpcFailure);

/** What a search found and which part of the answer rests on it (wire-format.md §5.7). */
export interface Grounding {
  readonly queries: readonly string[];
  readonly chunks: readonly { readonly uri: string; readonly title: string }[];
  readonly supports: readonly {
    readonly start: number;
    readonly end: number;
    readonly text: string;
    /** indexes into `chunks` */
    readonly chunks: readonly number[];
  }[];
}

/** Finish codes (wire-format.md §5.3); 0 says nothing. */
const FINISH: Readonly<Record<number, string>> = {
  1: 'STOP',
  2: 'MAX_TOKENS',
  3: 'SAFETY',
  4: 'RECITATION',
  5: 'OTHER',
  6: 'LANGUAGE',
  7: 'BLOCKLIST',
  8: 'PROHIBITED_CONTENT',
  9: 'SPII',
  10: 'MALFORMED_FUNCTION_CALL',
  11: 'IMAGE_SAFETY',
  12: 'UNEXPECTED_TOOL_CALL',
  13: 'TOO_MANY_TOOL_CALLS',
  14: 'IMAGE_PROHIBITED_CONTENT',
  15: 'IMAGE_OTHER',
  16: 'NO_IMAGE',
  17: 'IMAGE_RECITATION',
};
/** Why a prompt was refused (§5.2). */
const BLOCK_REASONS: Readonly<Record<number, string>> = {
  0: 'UNSPECIFIED',
  1: 'SAFETY',
  2: 'OTHER',
  3: 'BLOCKLIST',
  4: 'PROHIBITED_CONTENT',
  5: 'IMAGE_SAFETY',
};
/** Of executable code and its result (§4.2). */
const LANGUAGES = ['UNSPECIFIED', 'PYTHON'];
const OUTCOMES = ['UNSPECIFIED', 'OK', 'FAILED', 'DEADLINE_EXCEEDED'];

const nameOf = (names: Readonly<Record<number, string>>, code: number): string =>
  names[code] ?? `UNKNOWN_${code}`;

/** Positions of a part that carry something for the reader. */
const PART = { text: 1, media: 2, code: 7, codeResult: 8, call: 10, thought: 12, signature: 14 };
/** Positions of a part that only requests use. */
const REQUEST_ONLY = [5, 6, 11, 15];

/**
 * Turns the frames of one answer into events. It keeps what comes once for the whole answer (usage,
 * finish, refusal) and gives it at the end. Unknown shapes are counted, never thrown.
 */
export class FrameReader {
  /** Frames and parts of a shape we do not know. */
  unknown = 0;
  /** Frames of a shape we know. */
  known = 0;
  #usage: unknown;
  #finish: string | undefined;
  #failure: RpcFailure | undefined;

  /** True once the service said how the answer ended. */
  get hasEnding(): boolean {
    return this.#finish !== undefined || this.#failure !== undefined;
  }

  /** The events of one frame (wire-format.md §5.2). */
  read(frame: unknown): AnswerEvent[] {
    const failure = toRpcFailure(frame);
    if (failure) {
      this.known += 1;
      this.#failure = failure;
      return [];
    }
    const candidate = at(frame, 0, 0);
    const refusal = integerAt(frame, 1, 0);
    const usage = at(frame, 2);
    if (candidate === undefined && refusal === undefined && usage === undefined && !at(frame, 3)) {
      this.unknown += 1;
      return [];
    }
    this.known += 1;
    this.#usage = usage ?? this.#usage;
    const events = this.#readCandidate(candidate);
    if (refusal !== undefined) {
      this.#finish = 'BLOCKED_PROMPT';
      events.push({ type: 'blocked', reason: nameOf(BLOCK_REASONS, refusal) });
    }
    return events;
  }

  /** The events that close the answer: usage, then how it ended. `closed`: its array was closed. */
  end(closed: boolean): AnswerEvent[] {
    if (this.#failure) return [{ type: 'error', kind: 'rpc', ...this.#failure }];
    if (!closed || this.#finish === undefined) return [{ type: 'error', kind: 'truncated' }];
    return [
      ...(this.#usage === undefined ? [] : [{ type: 'usage', ...toUsage(this.#usage) } as const]),
      { type: 'finish', reason: this.#finish },
    ];
  }

  #readCandidate(candidate: unknown): AnswerEvent[] {
    const events: AnswerEvent[] = [];
    for (const part of listAt(candidate, 0, 0)) this.#readPart(part, events);
    const finish = integerAt(candidate, 1) ?? 0;
    if (finish !== 0) {
      this.#finish = nameOf(FINISH, finish);
      if (FINISH[finish] === undefined) this.unknown += 1;
    }
    for (const entry of listAt(candidate, 6, 0)) {
      const url = textAt(entry, 2);
      if (url) events.push({ type: 'citation', url, title: textAt(entry, 3) ?? '' });
    }
    const grounding = at(candidate, 7);
    if (grounding !== undefined) events.push({ type: 'grounding', ...toGrounding(grounding) });
    return events;
  }

  #readPart(part: unknown, events: AnswerEvent[]): void {
    const before = events.length;
    if (Array.isArray(part)) {
      for (let position = 0; position < part.length; position += 1) {
        const event = part[position] === null ? undefined : readField(part, position);
        if (event) events.push(event);
      }
    }
    const value = textAt(part, PART.signature);
    if (value) {
      events.push({ type: 'signature', on: events.length > before ? 'part' : 'alone', value });
    }
    const isKnown =
      events.length > before ||
      textAt(part, PART.text) === '' ||
      REQUEST_ONLY.some((position) => at(part, position) !== undefined);
    if (!isKnown) this.unknown += 1;
  }
}

/** What a part is follows from which positions are set, never from its length (§4.2, §8.1). */
function readField(part: readonly unknown[], position: number): AnswerEvent | undefined {
  const field = part[position];
  switch (position) {
    case PART.text:
      if (typeof field !== 'string' || field === '') return undefined;
      return { type: isThought(part) ? 'thought' : 'text', text: field };
    case PART.media: {
      const mime = textAt(field, 0);
      const data = textAt(field, 1);
      return mime === undefined || data === undefined ? undefined : { type: 'media', mime, data };
    }
    case PART.code: {
      const code = textAt(field, 1);
      if (code === undefined) return undefined;
      return { type: 'code', lang: nameOf(LANGUAGES, integerAt(field, 0) ?? 0), code };
    }
    case PART.codeResult: {
      if (!Array.isArray(field)) return undefined;
      const outcome = nameOf(OUTCOMES, integerAt(field, 0) ?? 0);
      return { type: 'codeResult', outcome, output: textAt(field, 1) ?? '' };
    }
    case PART.call: {
      const name = textAt(field, 0);
      if (name === undefined) return undefined;
      const id = textAt(field, 2);
      return { type: 'call', name, args: toObject(at(field, 1)), ...(id ? { id } : {}) };
    }
    default:
      return undefined;
  }
}

const isThought = (part: unknown): boolean =>
  at(part, PART.thought) === 1 || at(part, PART.thought) === true;

function toUsage(usage: unknown): AnswerUsage {
  const count = (position: number): number => Math.max(0, integerAt(usage, position) ?? 0);
  const counts = { prompt: count(0), output: count(1), thoughts: count(9), tool: count(7) };
  const sum = counts.prompt + counts.output + counts.thoughts + counts.tool;
  return { ...counts, total: integerAt(usage, 2) ?? sum };
}

function toGrounding(grounding: unknown): Grounding {
  return {
    queries: [...textsAt(grounding, 4), ...textsAt(grounding, 5)],
    chunks: listAt(grounding, 1).flatMap((chunk) => {
      const source = at(chunk, 0) ?? at(chunk, 1) ?? at(chunk, 2); // web, retrieved, maps
      const uri = textAt(source, 0);
      return uri === undefined ? [] : [{ uri, title: textAt(source, 1) ?? '' }];
    }),
    supports: listAt(grounding, 2).map((support) => ({
      start: integerAt(support, 0, 1) ?? 0,
      end: integerAt(support, 0, 2) ?? 0,
      text: textAt(support, 0, 3) ?? '',
      chunks: integersAt(support, 1),
    })),
  };
}
