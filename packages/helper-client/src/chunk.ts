import { z } from 'zod';

/** What we read of one piece of a tool call; services differ in what they leave out. */
export const ToolCallDelta = z.object({
  index: z.int().nonnegative().nullish(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});
export type ToolCallDelta = z.infer<typeof ToolCallDelta>;

const tokens = z.int().nonnegative();

/** Token counts. Whether `completion_tokens` include thinking differs between services. */
export const Usage = z.object({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  total_tokens: tokens.nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: tokens.nullish() }).nullish(),
});
export type Usage = z.infer<typeof Usage>;

/** What we read of `chat.completion.chunk`, and of an error that comes in its place. */
export const Chunk = z.object({
  error: z.object({ message: z.string() }).nullish(),
  usage: Usage.nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        delta: z
          .object({
            content: z.string().nullish(),
            /** Thinking; the second name is that of vLLM and Ollama. */
            reasoning_content: z.string().nullish(),
            reasoning: z.string().nullish(),
            tool_calls: z.array(ToolCallDelta).nullish(),
            annotations: z
              .array(
                z.object({
                  url_citation: z
                    .object({ url: z.string(), title: z.string().nullish() })
                    .nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});
export type Chunk = z.infer<typeof Chunk>;
