import { z } from 'zod';

import { fromText } from '../shared/from-text.ts';

/** A level by name, or a number of thinking tokens: 0 for none, -1 for as many as the model likes. */
export const ReasoningEffort = z.preprocess(
  (value) => fromText(typeof value === 'string' ? value.toLowerCase() : value),
  z.union([z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']), z.int().min(-1)], {
    error: 'expected none, minimal, low, medium, high, xhigh, max or a number of tokens',
  }),
);
export type ReasoningEffort = z.infer<typeof ReasoningEffort>;

const budget = z.preprocess(fromText, z.int().min(-1).nullish());
const toggle = z.boolean().nullish();

/** Google's own words, in either spelling. */
const ThinkingConfig = z.object({
  thinking_level: ReasoningEffort.nullish(),
  thinkingLevel: ReasoningEffort.nullish(),
  thinking_budget: budget,
  thinkingBudget: budget,
  include_thoughts: toggle,
  includeThoughts: toggle,
});

/** All the ways in which clients ask for thinking, by the names of their parameters. */
export const ThinkingParams = {
  reasoning_effort: ReasoningEffort.nullish(),
  /** OpenRouter's. */
  reasoning: z.preprocess(
    (value) => {
      if (typeof value === 'boolean') return { enabled: value };
      return typeof value === 'string' ? { effort: value } : value;
    },
    z
      .object({
        effort: ReasoningEffort.nullish(),
        max_tokens: budget,
        enabled: toggle,
        exclude: toggle,
      })
      .nullish(),
  ),
  include_reasoning: toggle,
  /** Anthropic's. */
  thinking: z.preprocess(
    (value) => (typeof value === 'boolean' ? { type: value ? 'enabled' : 'disabled' } : value),
    z
      .object({
        type: z.enum(['enabled', 'disabled', 'adaptive', 'auto']).nullish(),
        budget_tokens: budget,
      })
      .nullish(),
  ),
  /** Qwen's. */
  enable_thinking: toggle,
  thinking_budget: budget,
  /** vLLM's and SGLang's. */
  chat_template_kwargs: z
    .looseObject({
      enable_thinking: toggle,
      thinking: toggle,
      thinking_budget: budget,
      reasoning_effort: ReasoningEffort.nullish(),
    })
    .nullish(),
  /** What Google's endpoint takes as `extra_body.google`. */
  google: z
    .looseObject({
      thinking_config: ThinkingConfig.nullish(),
      thinkingConfig: ThinkingConfig.nullish(),
    })
    .nullish(),
};
