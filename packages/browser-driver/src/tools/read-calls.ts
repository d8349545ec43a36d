import {
  type JobEvent,
  type JobEventOf,
  type Log,
  newCallId,
  type Plan,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';

import { CallParser, type Piece } from './call-parser.ts';
import { checkCall } from './check-call.ts';

/** A call as the model made it, by the page's means or in words. */
type Made = Omit<JobEventOf<'tool_call'>, 'type' | 'index'>;

/**
 * Makes an answer's calls what the client may rely on: those that the model wrote as text (`code`:
 * what their tags carry) become calls like the others, each is one that the client can carry out, and
 * each has an id of its own in the conversation. Where one call at a time is wanted, only the first
 * is handed on. An answer that breaks this ends in an `error` event.
 */
export async function* readCalls(
  events: AsyncIterable<JobEvent>,
  plan: Plan,
  code: string,
  log: Log,
): AsyncGenerator<JobEvent> {
  if (plan.settings.functions.length === 0) {
    yield* events;
    return;
  }
  const reader = new CallReader(plan, code, log);
  try {
    for await (const event of events) yield* reader.read(event);
  } catch (error) {
    yield* reader.rest(); // it was part of the answer, as far as that came
    if (!(error instanceof StudioError) || error.code !== 'invalid_tool_call') throw error;
    yield { type: 'error', error: toErrorRecord(error) };
  }
}

/** One answer, as far as it was read. */
class CallReader {
  readonly #plan: Plan;
  readonly #log: Log;
  readonly #parser: CallParser;
  /** Of every call in the conversation. */
  readonly #ids: Set<string>;
  #count = 0;

  constructor(plan: Plan, code: string, log: Log) {
    const parts = plan.turns.flatMap((turn) => turn.parts);
    this.#plan = plan;
    this.#log = log;
    this.#parser = new CallParser(code);
    this.#ids = new Set(parts.flatMap((part) => (part.type === 'tool_call' ? [part.callId] : [])));
  }

  /** What the client gets of an event. Throws `invalid_tool_call`. */
  *read(event: JobEvent): Generator<JobEvent> {
    if (event.type === 'text') yield* this.#readPieces(this.#parser.push(event.text));
    else if (event.type === 'tool_call') yield* this.#handOn(event, false);
    else if (event.type === 'finish') yield* this.#finish(event);
    else yield event;
  }

  /** What was held back as the possible beginning of a call. */
  rest(): Generator<JobEvent> {
    return this.#readPieces(this.#parser.end());
  }

  *#readPieces(pieces: Iterable<Piece>): Generator<JobEvent> {
    for (const piece of pieces) {
      if (piece.type === 'text') yield piece;
      else {
        const { name, body } = piece;
        yield* this.#handOn({ id: newCallId(), name, arguments: body || '{}' }, true);
      }
    }
  }

  *#handOn(made: Made, isWritten: boolean): Generator<JobEvent> {
    const { functions, calling } = this.#plan.settings;
    checkCall(made.name, made.arguments, functions, isWritten);
    if (this.#count > 0 && calling?.isParallel === false) {
      this.#log.info('left out a call beyond the first');
      return;
    }
    const id = this.#ids.has(made.id) ? newCallId() : made.id;
    this.#ids.add(id);
    yield { ...made, type: 'tool_call', index: this.#count++, id };
  }

  *#finish(event: JobEventOf<'finish'>): Generator<JobEvent> {
    const isWhole = event.reason === 'stop' || event.reason === 'tool_calls';
    if (this.#parser.isOpen && isWhole) {
      const message = 'The model did not finish the call it began. Ask again.';
      throw new StudioError('invalid_tool_call', message);
    }
    yield* this.rest();
    const ended = this.#count > 0 ? 'tool_calls' : 'stop';
    yield { ...event, reason: isWhole ? ended : event.reason };
  }
}
