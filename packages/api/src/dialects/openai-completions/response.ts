import { type JobEvent } from '@aistudio/core';

import { toJson } from '../../http/to-json.ts';
import { type Ending, type Envelope, toSteps, type Usage } from '../shared/answer.ts';
import { splitText } from '../shared/split-text.ts';
import { MAX_DELTA_BYTES } from '../shared/stream-deltas.ts';

/** `text_completion`, whole or one chunk of it; what the model thought has no place in it. */
interface TextCompletion extends Envelope {
  readonly object: 'text_completion';
  readonly system_fingerprint: null;
  readonly choices: readonly {
    readonly index: 0;
    readonly text: string;
    readonly logprobs: null;
    readonly finish_reason: Ending['finishReason'] | null;
  }[];
  readonly usage?: Usage | null;
}

/** The whole text. Throws the job's error as a RecordedError. */
export async function toTextCompletion(
  events: AsyncIterable<JobEvent>,
  envelope: Envelope,
): Promise<TextCompletion> {
  let text = '';
  for await (const step of toSteps(events)) {
    if ('content' in step) text += step.content;
    if (!('finishReason' in step)) continue;
    return {
      ...toObject(envelope, [toChoice(text, step.finishReason)]),
      ...(step.usage ? { usage: step.usage } : {}),
    };
  }
  throw new Error('the answer has no end');
}

/** The text as the data of server-sent events, up to `[DONE]`. Throws as {@link toTextCompletion}. */
export async function* toTextChunks(
  events: AsyncIterable<JobEvent>,
  envelope: Envelope,
  { includeUsage }: { readonly includeUsage: boolean },
): AsyncGenerator<string> {
  const toChunk = (choices: TextCompletion['choices'], usage: Usage | null): string =>
    toJson({ ...toObject(envelope, choices), ...(includeUsage ? { usage } : {}) });
  for await (const step of toSteps(events)) {
    if (!('finishReason' in step)) {
      if (!('content' in step)) continue;
      for (const text of splitText(step.content, MAX_DELTA_BYTES)) {
        yield toChunk([toChoice(text, null)], null);
      }
      continue;
    }
    yield toChunk([toChoice('', step.finishReason)], null);
    if (includeUsage && step.usage) yield toChunk([], step.usage);
  }
  yield '[DONE]';
}

/** A chunk that says nothing, to be sent while there is nothing to say (S-12). */
export const toIdleTextChunk = (
  envelope: Envelope,
  { includeUsage }: { readonly includeUsage: boolean },
): string =>
  toJson({
    ...toObject(envelope, [toChoice('', null)]),
    ...(includeUsage ? { usage: null } : {}),
  });

const toObject = (envelope: Envelope, choices: TextCompletion['choices']): TextCompletion => ({
  id: envelope.id,
  object: 'text_completion',
  created: envelope.created,
  model: envelope.model,
  system_fingerprint: null,
  choices,
});

const toChoice = (
  text: string,
  finishReason: Ending['finishReason'] | null,
): TextCompletion['choices'][number] => ({
  index: 0,
  text,
  logprobs: null,
  finish_reason: finishReason,
});
