import { z } from 'zod';

import { fromText } from '../shared/from-text.ts';
import { ChatMessage } from './chat-message.ts';
import { toChatChoice, toChatFormat } from './request-forms.ts';
import { AnswerSchema } from './request-schema.ts';
import { AllowedTools, FunctionTools, NamedChoice, Tools } from './request-tools.ts';
import { ThinkingParams } from './thinking-request.ts';

const within = (min: number, max: number): z.ZodType<number | null | undefined> =>
  z.preprocess(fromText, z.number().min(min).max(max).nullish());
/** A limit on the answer's length. 0 and -1 are how clients say that they have none. */
const tokens = z.preprocess(
  fromText,
  z.number().min(-1).refine(Number.isInteger, { error: 'expected a whole number' }).nullish(),
);

/** More of them, or longer ones, would make the search for them a burden. */
const MAX_STOPS = 32;
const MAX_STOP_LENGTH = 500;

const ToolChoice = z.preprocess(
  toChatChoice,
  z
    .union([z.enum(['none', 'auto', 'required']), NamedChoice, AllowedTools], {
      error:
        'expected none, auto, required, {type:"function",function:{name}} or {type:"allowed_tools",…}',
    })
    .nullish(),
);

const ResponseFormat = z.preprocess(
  toChatFormat,
  z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object'), schema: AnswerSchema.nullish() }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ schema: AnswerSchema.nullish(), strict: z.boolean().nullish() }),
      }),
    ])
    .nullish(),
);

/** The body of `POST /v1/chat/completions`. Fields that are not named here are let through. */
export const ChatRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(ChatMessage).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: within(0, 2),
  top_p: within(0, 1),
  max_completion_tokens: tokens,
  max_tokens: tokens,
  max_output_tokens: tokens,
  stop: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z
      .array(z.string().max(MAX_STOP_LENGTH), { error: 'expected a string or an array of strings' })
      .max(MAX_STOPS, { error: `expected at most ${MAX_STOPS} stop sequences` })
      .nullish(),
  ),
  ...ThinkingParams,
  tools: Tools.nullish(),
  tool_choice: ToolChoice,
  parallel_tool_calls: z.boolean().nullish(),
  functions: FunctionTools.nullish(),
  function_call: z.union([z.enum(['none', 'auto']), z.object({ name: z.string() })]).nullish(),
  response_format: ResponseFormat,
  /** vLLM's words for whether an assistant message at the end is to be continued. */
  continue_final_message: z.boolean().nullish(),
  add_generation_prompt: z.boolean().nullish(),
  n: z.preprocess(fromText, z.int().positive().nullish()),
  logprobs: z.union([z.boolean(), z.number()]).nullish(),
  logit_bias: z.record(z.string(), z.unknown()).nullish(),
  modalities: z.array(z.string()).nullish(),
  frequency_penalty: within(-2, 2),
  presence_penalty: within(-2, 2),
});
export type ChatRequest = z.infer<typeof ChatRequest>;
