import { StudioError } from '@aistudio/core';
import { z } from 'zod';

import { parseChat } from '../openai-chat/parse-chat.ts';
import { type ChatRequest } from '../openai-chat/request.ts';

/** The body of `POST /v1/completions`; the fields that a chat has too are checked as a chat's. */
export const CompletionRequest = z.looseObject({
  prompt: z.preprocess(
    (value) => (Array.isArray(value) && value.length === 1 ? value[0] : value),
    z.string({ error: 'expected one prompt, as text' }).min(1),
  ),
  suffix: z.string().nullish(),
  echo: z.boolean().nullish(),
  best_of: z.int().nullish(),
});
export type CompletionRequest = z.infer<typeof CompletionRequest>;

/** What a chat has and this endpoint has not. */
const CHAT_ONLY = { tools: null, functions: null, response_format: null };

const FILL_IN =
  'You complete text and code. The user gives the text before a gap and the text after it. Write ' +
  'only what belongs into the gap, to the character: no explanation, no code fence, nothing of ' +
  'what stands before or after it.';

/**
 * The chat that gives the same: the prompt as the only message or, with a suffix, the task to fill
 * the gap between the two. Throws a 400 that names the parameter.
 */
export function toChat({ prompt, suffix, echo, best_of, ...rest }: CompletionRequest): ChatRequest {
  if (echo) throw unsupported('echo', 'This server does not repeat the prompt: leave echo out.');
  if ((best_of ?? 1) > 1) {
    throw unsupported('best_of', 'AI Studio gives one answer per prompt: best_of must be 1.');
  }
  const messages = suffix
    ? [
        { role: 'system', content: FILL_IN },
        { role: 'user', content: `<before>${prompt}</before>\n<after>${suffix}</after>` },
      ]
    : [{ role: 'user', content: prompt }];
  return parseChat({ ...rest, ...CHAT_ONLY, messages });
}

const unsupported = (param: string, message: string): StudioError =>
  new StudioError('unsupported_parameter', message, { param });
