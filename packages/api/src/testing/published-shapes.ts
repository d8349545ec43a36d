import { z } from 'zod';

/*
 * OpenAI's published shapes, in strict form, with the additions of ours that docs/reference/openai-api.md lists.
 * Only tests use them: an answer is made from typed objects, and held to these from outside.
 */

const tokens = z.int().nonnegative();

const Usage = z
  .strictObject({
    prompt_tokens: tokens,
    completion_tokens: tokens,
    total_tokens: tokens,
    prompt_tokens_details: z.strictObject({ cached_tokens: tokens }),
    completion_tokens_details: z.strictObject({ reasoning_tokens: tokens }),
  })
  .refine((usage) => usage.prompt_tokens + usage.completion_tokens === usage.total_tokens, {
    error: 'the total is not the sum',
  })
  .refine((usage) => usage.completion_tokens_details.reasoning_tokens <= usage.completion_tokens, {
    error: 'thinking is not part of the completion',
  });

const FinishReason = z.enum(['stop', 'length', 'tool_calls', 'content_filter']);

const JsonText = z.string().refine(isJsonObject, { error: 'not the JSON text of an object' });

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const toolCall = {
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string().min(1), arguments: JsonText }),
  extra_content: z
    .strictObject({ google: z.strictObject({ thought_signature: z.string() }) })
    .optional(),
};
const image = {
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: z.string().startsWith('data:image/') }),
};
const index = z.int().nonnegative();

const Annotation = z.strictObject({
  type: z.literal('url_citation'),
  url_citation: z.strictObject({
    start_index: z.int().nonnegative(),
    end_index: z.int().nonnegative(),
    url: z.string(),
    title: z.string(),
  }),
});

const envelope = {
  id: z.string().startsWith('chatcmpl-'),
  created: z.int().min(1_000_000_000).max(9_999_999_999),
  model: z.string().min(1),
  system_fingerprint: z.string().nullable(),
};

/** `chat.completion` (N-02 … N-08). */
export const ChatCompletionShape = z.strictObject({
  ...envelope,
  object: z.literal('chat.completion'),
  choices: z.tuple([
    z.strictObject({
      index: z.literal(0),
      message: z.strictObject({
        role: z.literal('assistant'),
        content: z.string().nullable(),
        refusal: z.string().nullable(),
        reasoning_content: z.string().min(1).optional(),
        tool_calls: z.array(z.strictObject(toolCall)).min(1).optional(),
        images: z.array(z.strictObject(image)).min(1).optional(),
        annotations: z.array(Annotation).min(1).optional(),
      }),
      logprobs: z.null(),
      finish_reason: FinishReason,
    }),
  ]),
  usage: Usage,
});

const ChunkChoice = z.strictObject({
  index: z.literal(0),
  delta: z.strictObject({
    role: z.literal('assistant').optional(),
    refusal: z.string().optional(),
    content: z.string().optional(),
    reasoning_content: z.string().optional(),
    tool_calls: z
      .array(z.strictObject({ index, ...toolCall }))
      .min(1)
      .optional(),
    annotations: z.array(Annotation).min(1).optional(),
  }),
  logprobs: z.null(),
  finish_reason: FinishReason.nullable(),
});

/** `chat.completion.chunk` (S-05 … S-10); `usage` stands in all of a stream's chunks or in none. */
export const ChatChunkShape = z.strictObject({
  ...envelope,
  object: z.literal('chat.completion.chunk'),
  choices: z.union([z.tuple([ChunkChoice]), z.tuple([])]),
  usage: Usage.nullable().optional(),
});
export type ChatChunkShape = z.infer<typeof ChatChunkShape>;

/** OpenAI's error object (E-01). */
export const ErrorShape = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.string().min(1),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});

/** One model; what goes beyond OpenAI's four fields is ours. */
export const ModelShape = z.looseObject({
  id: z.string().min(1),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
});

/** The list of models (M-01). */
export const ModelListShape = z.strictObject({
  object: z.literal('list'),
  data: z.array(ModelShape),
});

/**
 * The chunks of a whole stream's body, each in its shape and all together by the rules for streams
 * (S-02 … S-11). Throws what is wrong.
 */
export function parseStream(body: string, includeUsage: boolean): ChatChunkShape[] {
  const frames = body.split(/(?<=\n\n)/).filter((frame) => !frame.startsWith(':'));
  assert(frames.at(-1) === 'data: [DONE]\n\n', 'S-03: the last event is not [DONE]');
  const chunks = frames.slice(0, -1).map((frame) => {
    assert(/^data: [^\n]+\n\n$/.test(frame), 'S-02: an event is not one line of data');
    return ChatChunkShape.parse(JSON.parse(frame.slice('data: '.length)));
  });
  const [first] = chunks;
  const same = ({ id, created, model }: ChatChunkShape): string =>
    JSON.stringify([id, created, model]);
  assert(first !== undefined && chunks.every((chunk) => same(chunk) === same(first)), 'S-05');
  const roles = chunks.map(({ choices: [choice] }) => choice?.delta.role);
  assert(roles.indexOf('assistant') === 0 && roles.lastIndexOf('assistant') === 0, 'S-06');
  const last = includeUsage ? -2 : -1;
  const ends = chunks.flatMap(({ choices: [choice] }, at) => (choice?.finish_reason ? [at] : []));
  assert(ends.length === 1 && ends[0] === chunks.length + last, 'S-08: not one finish at the end');
  const end = chunks.at(last)?.choices[0]?.delta ?? {};
  assert(Object.keys(end).length === 0, 'S-08, S-09: the finish has no empty delta');
  chunks.forEach((chunk, at) => {
    const isUsage = includeUsage && at === chunks.length - 1;
    assert((chunk.choices.length === 0) === isUsage, 'S-10: empty choices');
    assert('usage' in chunk === includeUsage, 'S-10: usage in some chunks only');
    assert(!includeUsage || (chunk.usage !== null) === isUsage, 'S-11: usage is not last');
  });
  return chunks;
}

function assert(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new Error(rule);
}
