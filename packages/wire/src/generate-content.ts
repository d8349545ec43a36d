import {
  type AnswerEvent,
  type AnswerUsage,
  type Grounding,
  type MessageReader,
} from './answer-event.ts';
import { toTitle } from './citation.ts';
import { at, integerAt, integersAt, listAt, textAt, textsAt } from './message.ts';
import { type WirePositions, wirePositions } from './positions.ts';
import { present } from './present.ts';
import { type RpcFailure, toRpcFailure } from './rpc-error.ts';
import { toObject } from './struct.ts';

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
  18: 'HELD_BACK', // the page treats it like 3 to 9 and 11 to 17; its own name is not known
};
/** Why a prompt was refused (§5.2). */
const BLOCK_REASONS: Readonly<Record<number, string>> = {
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

/** Reads the frames of GenerateContent (wire-format.md §5.2). */
export class FrameReader implements MessageReader {
  unknown = 0;
  known = 0;
  readonly #positions: WirePositions;
  #usage: unknown;
  #finish: string | undefined;
  #finishMessage: string | undefined;
  #failure: RpcFailure | undefined;

  constructor(positions: WirePositions = wirePositions) {
    this.#positions = positions;
  }

  get hasEnding(): boolean {
    return this.#finish !== undefined || this.#failure !== undefined;
  }

  read(frame: unknown): AnswerEvent[] {
    const failure = toRpcFailure(frame);
    if (failure) {
      this.known += 1;
      this.#failure = failure;
      return [];
    }
    const { frame: FRAME, promptFeedback: FEEDBACK } = this.#positions;
    const candidate = at(frame, FRAME.candidates, 0);
    const feedback = at(frame, FRAME.promptFeedback);
    const refusal = integerAt(feedback, FEEDBACK.reason);
    const usage = at(frame, FRAME.usage);
    const isKnown =
      candidate !== undefined ||
      feedback !== undefined ||
      usage !== undefined ||
      at(frame, FRAME.metadata);
    if (!isKnown) {
      this.unknown += 1;
      return [];
    }
    this.known += 1;
    this.#usage = usage ?? this.#usage;
    const events = this.#readCandidate(candidate);
    if (refusal !== undefined && refusal !== 0) {
      this.#finish = 'BLOCKED_PROMPT';
      this.#finishMessage = textAt(feedback, FEEDBACK.message) ?? this.#finishMessage;
      events.push({ type: 'blocked', reason: nameOf(BLOCK_REASONS, refusal) });
    }
    return events;
  }

  end(closed: boolean, status?: RpcFailure): AnswerEvent[] {
    const failure = status ?? this.#failure;
    if (failure) return [{ type: 'error', kind: 'rpc', ...failure }];
    if (!closed || this.#finish === undefined) return [{ type: 'error', kind: 'truncated' }];
    const usage = this.#usage;
    return [
      ...(usage === undefined
        ? []
        : [{ type: 'usage', ...toUsage(usage, this.#positions) } as const]),
      { type: 'finish', reason: this.#finish, ...present({ message: this.#finishMessage }) },
    ];
  }

  #readCandidate(candidate: unknown): AnswerEvent[] {
    const { candidate: CANDIDATE, citation: CITATION } = this.#positions;
    const events: AnswerEvent[] = [];
    for (const part of listAt(candidate, CANDIDATE.content, 0)) this.#readPart(part, events);
    const finish = integerAt(candidate, CANDIDATE.finish) ?? 0;
    if (finish !== 0) {
      this.#finish = nameOf(FINISH, finish);
      if (FINISH[finish] === undefined) this.unknown += 1;
      this.#finishMessage = textAt(candidate, CANDIDATE.finishMessage) ?? this.#finishMessage;
    }
    for (const entry of listAt(candidate, CANDIDATE.citations, 0)) {
      const url = textAt(entry, CITATION.uri);
      if (url)
        events.push({ type: 'citation', url, title: toTitle(textAt(entry, CITATION.label)) });
    }
    const grounding = at(candidate, CANDIDATE.grounding);
    if (grounding !== undefined) {
      events.push({ type: 'grounding', ...toGrounding(grounding, this.#positions) });
    }
    return events;
  }

  #readPart(part: unknown, events: AnswerEvent[]): void {
    const { part: PART } = this.#positions;
    const before = events.length;
    if (Array.isArray(part)) {
      for (let position = 0; position < part.length; position += 1) {
        const event = part[position] === null ? undefined : readField(part, position, PART);
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
      PART.silent.some((position) => at(part, position) !== undefined);
    if (!isKnown) this.unknown += 1;
  }
}

/** What a part is follows from which positions are set, never from its length (§4.2, §8.1). */
function readField(
  part: readonly unknown[],
  position: number,
  PART: WirePositions['part'],
): AnswerEvent | undefined {
  const field = part[position];
  switch (position) {
    case PART.text:
      if (typeof field !== 'string' || field === '') return undefined;
      return { type: isMarked(part[PART.thought]) ? 'thought' : 'text', text: field };
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
    case PART.transcript: {
      const text = textAt(field, 0);
      return text ? { type: 'text', text } : undefined;
    }
    default:
      return undefined;
  }
}

const isMarked = (mark: unknown): boolean => mark === 1 || mark === true;

function toUsage(usage: unknown, { usage: USAGE }: WirePositions): AnswerUsage {
  const count = (position: number): number => Math.max(0, integerAt(usage, position) ?? 0);
  const counts = {
    prompt: count(USAGE.prompt),
    output: count(USAGE.output),
    thoughts: count(USAGE.thoughts),
    tool: count(USAGE.tool),
  };
  const sum = counts.prompt + counts.output + counts.thoughts + counts.tool;
  return { ...counts, total: integerAt(usage, USAGE.total) ?? sum };
}

function toGrounding(grounding: unknown, { grounding: AT }: WirePositions): Grounding {
  return {
    queries: AT.queries.flatMap((position) => textsAt(grounding, position)),
    chunks: listAt(grounding, AT.chunks).flatMap((chunk) => {
      const source = at(chunk, 0) ?? at(chunk, 1) ?? at(chunk, 2); // web, image or retrieved, maps
      const uri = textAt(source, 0);
      return uri === undefined ? [] : [{ uri, title: textAt(source, 1) ?? '' }];
    }),
    supports: listAt(grounding, AT.supports).map((support) => ({
      start: integerAt(support, 0, 1) ?? 0,
      end: integerAt(support, 0, 2) ?? 0,
      text: textAt(support, 0, 3) ?? '',
      chunks: integersAt(support, 1),
    })),
  };
}
