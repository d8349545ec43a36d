import { type JobEvent } from '@aistudio/core';

import { toJson } from '../../http/to-json.ts';
import {
  type Envelope,
  toFinishWord,
  toSteps,
  type Usage,
  type WritingOptions,
} from '../shared/answer.ts';
import { toStreamDeltas } from '../shared/stream-deltas.ts';

/** How chunks are written. */
export interface ChunkOptions extends WritingOptions {
  readonly includeUsage: boolean;
}

/**
 * The answer as the data of server-sent events: the role, the pieces, the finish, the usage when
 * asked for, `[DONE]` (S-03 … S-11). Nothing is yielded before there is content or the end. Throws
 * the job's error as a RecordedError.
 */
export async function* toChunks(
  events: AsyncIterable<JobEvent>,
  envelope: Envelope,
  options: ChunkOptions,
): AsyncGenerator<string> {
  const toChunk = chunkMaker(envelope, options);
  let hasRole = false;
  const toRole = (): string[] => {
    if (hasRole) return [];
    hasRole = true;
    return [toChunk([toChoice({ role: 'assistant', content: '' }, null)], null)];
  };
  for await (const step of toSteps(events)) {
    if (!('finishReason' in step)) {
      for (const delta of toStreamDeltas(step, options)) {
        yield* toRole();
        yield toChunk([toChoice(delta, null)], null);
      }
      continue;
    }
    yield* toRole();
    yield toChunk([toChoice({}, toFinishWord(step.finishReason, options))], null);
    if (options.includeUsage && step.usage) yield toChunk([], step.usage);
  }
  yield '[DONE]';
}

/** A chunk that says nothing, to be sent while there is nothing to say (S-12). */
export const toIdleChunk = (envelope: Envelope, options: ChunkOptions): string =>
  chunkMaker(envelope, options)([toChoice({}, null)], null);

const chunkMaker =
  (envelope: Envelope, { includeUsage }: ChunkOptions) =>
  (choices: readonly object[], usage: Usage | null): string =>
    toJson({
      id: envelope.id,
      object: 'chat.completion.chunk',
      created: envelope.created,
      model: envelope.model,
      system_fingerprint: null,
      choices,
      ...(includeUsage ? { usage } : {}),
    });

const toChoice = (delta: object, finishReason: string | null): object => ({
  index: 0,
  delta,
  logprobs: null,
  finish_reason: finishReason,
});
