import { compileSchema } from '@aistudio/core';
import { z } from 'zod';

import { ChatMessage } from './chat-message.ts';
import { isShallow } from './nesting.ts';

/** Decimal text becomes its number, as sloppy clients need it (openai-behaviours R-10). */
const fromText = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))
    ? Number(value)
    : value;

const within = (min: number, max: number): z.ZodType<number | null | undefined> =>
  z.preprocess(fromText, z.number().min(min).max(max).nullish());
const tokens = z.preprocess(fromText, z.int().positive().nullish());

/** A schema that values can be checked against: one that cannot be used is refused at once (E-08). */
const JsonSchema = z.record(z.string(), z.unknown()).check(({ value, issues }) => {
  const fault = isShallow(value) ? faultOf(value) : 'nested too deeply';
  if (fault !== undefined) issues.push({ code: 'custom', message: fault, input: value });
});

function faultOf(schema: Record<string, unknown>): string | undefined {
  try {
    compileSchema(schema);
    return undefined;
  } catch (error) {
    return `not a usable JSON Schema (${error instanceof Error ? error.message : String(error)})`;
  }
}

const FunctionTool = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: JsonSchema.nullish(),
  strict: z.boolean().nullish(),
});

const Tool = z.discriminatedUnion('type', [
  z.object({ type: z.literal('function'), function: FunctionTool }),
  z.object({ type: z.literal('google_search') }),
  z.object({ type: z.literal('url_context') }),
  z.object({ type: z.literal('code_execution') }),
]);

const NamedChoice = z.object({
  type: z.literal('function'),
  function: z.object({ name: z.string() }),
});
const ToolChoice = z.union([z.enum(['none', 'auto', 'required']), NamedChoice], {
  error: 'expected none, auto, required or {type:"function",function:{name}}',
});

const ResponseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({ schema: JsonSchema.nullish(), strict: z.boolean().nullish() }),
  }),
]);

/** A level by name, or a number of thinking tokens: 0 for none, -1 for as many as the model likes. */
const ReasoningEffort = z.preprocess(
  fromText,
  z.union([z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']), z.int().min(-1)], {
    error: 'expected none, minimal, low, medium, high, xhigh, max or a number of tokens',
  }),
);
export type ReasoningEffort = z.infer<typeof ReasoningEffort>;

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
      .array(z.string(), { error: 'expected a string or an array of strings' })
      .max(5, { error: 'AI Studio takes at most 5 stop sequences' })
      .nullish(),
  ),
  reasoning_effort: ReasoningEffort.nullish(),
  tools: z.array(Tool).nullish(),
  tool_choice: ToolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  functions: z.array(FunctionTool).nullish(),
  function_call: z.union([z.enum(['none', 'auto']), z.object({ name: z.string() })]).nullish(),
  response_format: ResponseFormat.nullish(),
  n: z.preprocess(fromText, z.int().positive().nullish()),
  logprobs: z.union([z.boolean(), z.number()]).nullish(),
  logit_bias: z.record(z.string(), z.unknown()).nullish(),
  modalities: z.array(z.string()).nullish(),
  frequency_penalty: within(-2, 2),
  presence_penalty: within(-2, 2),
});
export type ChatRequest = z.infer<typeof ChatRequest>;
