import { z } from 'zod';

/**
 * A piece of one message. Calls and their results are matched by `callId`, which is unique among the
 * calls of a conversation. A result's message may go on with text and files, which belong to it.
 */
export const Part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('file'),
    mimeType: z.string(),
    name: z.string(),
    /** Its place among the files that are stored beside the plan ({@link storeFile}), from 0. */
    number: z.int().nonnegative(),
    /** bytes */
    size: z.int().nonnegative(),
    /** SHA-256 of its bytes, hex. */
    digest: z.string(),
  }),
  z.object({
    type: z.literal('tool_call'),
    callId: z.string(),
    name: z.string(),
    /** JSON text */
    arguments: z.string(),
  }),
  z.object({
    type: z.literal('tool_result'),
    callId: z.string(),
    name: z.string().optional(),
    text: z.string(),
  }),
]);
export type Part = z.infer<typeof Part>;

/** A file of the conversation. */
export type FilePart = Extract<Part, { type: 'file' }>;

/** One message of the conversation, as the client sent it; `developer` has become `system`. */
export const Turn = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  name: z.string().optional(),
  parts: z.array(Part),
  /** True for the assistant's last message where the answer is to go on with it. */
  isUnfinished: z.boolean().optional(),
});
export type Turn = z.infer<typeof Turn>;

/** How much the model should think: what the page can show for the model's family. */
export const Thinking = z.discriminatedUnion('type', [
  z.object({ type: z.literal('off') }),
  z.object({ type: z.literal('auto') }),
  z.object({ type: z.literal('level'), level: z.enum(['minimal', 'low', 'medium', 'high']) }),
  z.object({ type: z.literal('budget'), tokens: z.int().positive() }),
]);
export type Thinking = z.infer<typeof Thinking>;

/** A function the model may call; `parameters` is a JSON Schema. */
export const FunctionDeclaration = z.object({
  name: z.string(),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
  /** The client's own word: it relies on arguments that fit `parameters`. */
  strict: z.boolean().optional(),
});
export type FunctionDeclaration = z.infer<typeof FunctionDeclaration>;

/**
 * How functions are put to the model: by the page's own declarations, in words, or `auto`: in words
 * where the page cannot.
 */
export const FunctionCallingMode = z.enum(['auto', 'native', 'emulated']);
export type FunctionCallingMode = z.infer<typeof FunctionCallingMode>;

/** How the declared functions may be called. That none may be, or one alone, the list says itself. */
export const Calling = z.object({
  mode: FunctionCallingMode,
  /** Whether an answer without a call is a failure. */
  isRequired: z.boolean(),
  /** Whether one answer may hold several calls. */
  isParallel: z.boolean(),
});
export type Calling = z.infer<typeof Calling>;

/** What a prompt wants of the run-settings panel. Absent = the model's own default. */
export const Settings = z.object({
  /** 0–2 */
  temperature: z.number().optional(),
  /** 0–1 */
  topP: z.number().optional(),
  /** tokens */
  maxOutputTokens: z.int().positive().optional(),
  /** Sequences that end the answer; the page takes five of them, the others are looked for here. */
  stop: z.array(z.string()),
  thinking: Thinking.optional(),
  googleSearch: z.boolean(),
  urlContext: z.boolean(),
  codeExecution: z.boolean(),
  functions: z.array(FunctionDeclaration),
  /** Absent = `auto`, calls as the model likes. */
  calling: Calling.optional(),
  /** Present = the answer is JSON; `schema` is a JSON Schema that it has to fit. */
  structuredOutput: z
    .object({
      schema: z.record(z.string(), z.unknown()).optional(),
      /** OpenAI's `strict`, for services that know it; we hold every answer to its schema. */
      strict: z.boolean().optional(),
    })
    .optional(),
});
export type Settings = z.infer<typeof Settings>;

/** What to do on the page for one request: stored once in Redis, named by the queued job. */
export const Plan = z.object({
  /** Model id without `models/`. */
  model: z.string(),
  turns: z.array(Turn).min(1),
  settings: Settings,
});
export type Plan = z.infer<typeof Plan>;

/** What the queue carries: the id that is also log field, response id and `x-request-id`. */
export const Job = z.object({
  id: z.string(),
  /** Of the plan, for people who look at the queue. */
  model: z.string(),
  /** Epoch ms at which the API accepted the request. */
  acceptedAt: z.number(),
  /** Whether a chat program asks for it by itself: it lets those go first that somebody waits for. */
  isBackground: z.boolean().default(false),
});
export type Job = z.infer<typeof Job>;

/** Settings that ask for nothing: every control at the model's default, every tool off. */
export const PLAIN_SETTINGS: Settings = {
  stop: [],
  googleSearch: false,
  urlContext: false,
  codeExecution: false,
  functions: [],
};
