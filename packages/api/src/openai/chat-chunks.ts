import { type JobEvent } from '@aistudio/core';

import { type Envelope, toSteps, type Usage } from './answer.ts';

/**
 * The answer as the data of server-sent events: the role, the pieces, the finish, the usage when
 * asked for, `[DONE]` (S-03 … S-11). Nothing is yielded before there is content or the end. Throws
 * the job's error as a RecordedError.
 */
export async function* toChunks(
  events: AsyncIterable<JobEvent>,
  envelope: Envelope,
  options: { readonly includeUsage: boolean },
): AsyncGenerator<string> {
  const toChunk = (choices: readonly object[], usage: Usage | null): string =>
    JSON.stringify({
      id: envelope.id,
      object: 'chat.completion.chunk',
      created: envelope.created,
      model: envelope.model,
      system_fingerprint: null,
      choices,
      ...(options.includeUsage ? { usage } : {}),
    });

  let hasRole = false;
  for await (const step of toSteps(events)) {
    if (!hasRole) yield toChunk([toChoice({ role: 'assistant', content: '' }, null)], null);
    hasRole = true;
    if (!('finishReason' in step)) {
      yield toChunk([toChoice(step, null)], null);
      continue;
    }
    yield toChunk([toChoice({}, step.finishReason)], null);
    if (options.includeUsage && step.usage) yield toChunk([], step.usage);
  }
  yield '[DONE]';
}

const toChoice = (delta: object, finishReason: string | null): object => ({
  index: 0,
  delta,
  logprobs: null,
  finish_reason: finishReason,
});
