import { z } from 'zod';

/** How a model's thinking is set on the page: a model has levels or a token budget, never both. */
export const ThinkingCapability = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  z.object({
    type: z.literal('level'),
    levels: z.array(z.enum(['minimal', 'low', 'medium', 'high'])),
    defaultLevel: z.enum(['minimal', 'low', 'medium', 'high']).optional(),
  }),
  z.object({
    type: z.literal('budget'),
    /** tokens */
    min: z.int().optional(),
    /** tokens */
    max: z.int().optional(),
    /** Whether thinking can be switched off. */
    canBeOff: z.boolean(),
    /** True where it is off unless somebody switches it on. */
    isOffByDefault: z.boolean().optional(),
  }),
]);
export type ThinkingCapability = z.infer<typeof ThinkingCapability>;

/** One model of the live list (wire-format.md §9), reduced to what we use. */
export const ModelInfo = z.object({
  /** Without `models/`. */
  id: z.string(),
  displayName: z.string(),
  description: z.string().optional(),
  /** tokens */
  inputTokenLimit: z.int().optional(),
  /** tokens */
  outputTokenLimit: z.int().optional(),
  /** Defaults; absent where the model does not let it be set. */
  temperature: z.number().optional(),
  topP: z.number().optional(),
  topK: z.number().optional(),
  /** Ids without `models/` that mean this model too. */
  aliases: z.array(z.string()),
  /** Method names such as `generateContent`. */
  methods: z.array(z.string()),
  /** Capability codes of wire-format.md §9, index 64. */
  capabilities: z.array(z.int()),
  thinking: ThinkingCapability,
  /** Marked as being for a paid API key or a subscription; whether this account has one is not known. */
  paidOnly: z.boolean(),
  /** The model that a new chat begins with. */
  isDefault: z.boolean().optional(),
  /** Capability codes of the tools that a new chat with this model has switched on. */
  onByDefault: z.array(z.int()).optional(),
  /** How the page asks the model where it does not do so by GenerateContent (wire-format.md §9). */
  transport: z
    .object({
      type: z.enum(['agent', 'interaction']),
      /** Its answer comes by a second call. */
      isInBackground: z.boolean(),
    })
    .optional(),
});
export type ModelInfo = z.infer<typeof ModelInfo>;

/** Capabilities of models that open another page than the chat (wire-format.md §9). */
const OTHER_PAGES: readonly [code: number, what: string][] = [
  [26, 'it is for live conversations only'],
  [19, 'it is for AI Studio’s image page only'],
  [20, 'it is for AI Studio’s video page only'],
  [37, 'it is for AI Studio’s speech page only'],
  [53, 'it is for AI Studio’s music page only'],
];

/**
 * Why a listed model cannot be used to chat, as the end of a sentence; undefined where it can. A
 * record without methods or capabilities says nothing about them.
 */
export function whyUnusable({ capabilities, methods, transport }: ModelInfo): string | undefined {
  const otherPage = OTHER_PAGES.find(([code]) => capabilities.includes(code))?.[1];
  if (otherPage !== undefined) return otherPage;
  const canGenerate = methods.length === 0 || methods.includes('generateContent');
  return canGenerate || transport ? undefined : 'it does not answer chats';
}

/** What an account is offered, or several together. `at`: when AI Studio said so, epoch ms. */
export const ModelList = z.object({ at: z.number(), models: z.array(ModelInfo) });
export type ModelList = z.infer<typeof ModelList>;
