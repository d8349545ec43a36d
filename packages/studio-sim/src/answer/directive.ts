import { z } from 'zod';

import { BLOCK_REASONS, CODE_OUTCOMES, FINISH_REASONS } from '../wire/codes.ts';

const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative().max(3_600_000);
const jsonObject = z.record(z.string(), z.json());
const media = z.strictObject({ mimeType: z.string(), data: z.base64() });

/** How the bytes of one answer travel; the control port sets the defaults (wire-format.md §5.9). */
export const WireStyle = z.object({
  gzip: z.boolean().describe('compress where the browser accepts it'),
  flushPerFrame: z.boolean().describe('false: the compressor decides when bytes leave'),
  splitBytes: z
    .union([z.int().min(1), z.literal('random')])
    .nullable()
    .describe('cut the body into network chunks of this many bytes'),
  splitInsideUtf8: z
    .boolean()
    .describe('end a network chunk inside every multi-byte character (turns gzip off)'),
  coalesce: z.int().min(1).describe('frames written at once'),
  sparse: z.boolean().describe('write nulls as nothing'),
  escapeHtml: z.boolean().describe('write < and > as escapes'),
  listWrapper: z.boolean().describe('false: lists in function arguments lack their wrapper'),
  nullValue: z.enum(['[0]', '[null]']).describe('how null in function arguments is written'),
  duplicateCallFrames: z.boolean().describe('send every function call frame twice'),
  thoughtTokensEarly: z.boolean().describe('count thought tokens on thought frames already'),
  dropAfterBytes: count.nullable().describe('cut the connection after this many body bytes'),
  stallMs: milliseconds.describe('silence before the closing frame, ms'),
});
export type WireStyle = z.infer<typeof WireStyle>;

/** Everything about the way of one answer: its bytes and its pace. */
export const Delivery = z.object({
  ...WireStyle.shape,
  firstDelayMs: milliseconds,
  delayMs: milliseconds,
});
export type Delivery = z.infer<typeof Delivery>;

/** Details of an error: token counts, metrics of used-up quotas (wire-format.md §5.10). */
const Details = z
  .strictObject({ tokens: z.tuple([count, count]), quotaMetrics: z.array(z.string()) })
  .partial();

/** What one GenerateContent is answered with: the JSON of an `@sim` line or of a script's step. */
export const Directive = z.strictObject({
  ...Delivery.partial().shape,
  text: z.string().optional(),
  thoughts: z.string().optional(),
  chunks: z.int().min(1).max(100_000).optional(),
  toolCalls: z
    .array(
      z.strictObject({ name: z.string(), args: jsonObject.default({}), id: z.string().nullish() }),
    )
    .optional(),
  media: z.union([media.transform((one) => [one]), z.array(media)]).optional(),
  code: z
    .strictObject({
      source: z.string(),
      output: z.string().default(''),
      outcome: z.enum(CODE_OUTCOMES).default('OK'),
    })
    .optional(),
  citations: z.array(z.strictObject({ url: z.string(), title: z.string() })).optional(),
  usage: z
    .strictObject({ prompt: count, completion: count, reasoning: count, tool: count })
    .partial()
    .optional(),
  finish: z.enum(FINISH_REASONS).optional(),
  /** What the candidate says about its finish. */
  finishMessage: z.string().optional(),
  /** Parts that hold only the field at this position, before the text: the page shows nothing of them. */
  unknownParts: z.array(z.int().min(16).max(40)).optional(),
  /** Refuse the prompt: no answer at all. */
  blockReason: z.enum(BLOCK_REASONS).optional(),
  /** What the prompt feedback says about it. */
  blockMessage: z.string().optional(),
  /** End the body properly, but without any finish code. */
  noFinish: z.boolean().optional(),
  error: z
    .strictObject({
      status: z.int().min(400).max(599),
      code: z.int(),
      message: z.string(),
      retryAfterSeconds: z.number().nonnegative().optional(),
      details: Details.optional(),
    })
    .optional(),
  /** The stream ends with this status, after so many frames (all of them where not said). */
  status: z
    .strictObject({
      code: z.int(),
      message: z.string(),
      details: Details.optional(),
      afterFrames: count.optional(),
    })
    .optional(),
  stallAfterChunks: count.optional(),
  dropAfterChunks: count.optional(),
  rawChunks: z.array(z.base64()).optional(),
});
export type Directive = z.infer<typeof Directive>;

/** The directive of the last line that starts with `@sim ` and goes on with a JSON object, if any. */
export function findDirective(text: string): Directive | undefined {
  const line = text.split('\n').findLast((candidate) => /^@sim \s*\{/.test(candidate));
  if (line === undefined) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(line.slice('@sim '.length));
  } catch (cause) {
    throw new BadDirectiveError('it is not JSON', { cause });
  }
  const parsed = Directive.safeParse(json);
  if (!parsed.success) throw new BadDirectiveError(z.prettifyError(parsed.error));
  return parsed.data;
}

/** An `@sim` line that says nothing the simulator understands. */
export class BadDirectiveError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`Bad @sim directive: ${reason}`, options);
  }
}
