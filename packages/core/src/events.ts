import { z } from 'zod';

import { ErrorRecord } from './errors.ts';

/** The ways an answer can reach us, in the order they are tried (architecture.md, Three ways). */
export const TierName = z.enum(['stream-proxy', 'helper', 'dom']);
export type TierName = z.infer<typeof TierName>;

/** Why a model stopped, in OpenAI's words. */
export const FinishReason = z.enum(['stop', 'length', 'tool_calls', 'content_filter']);
export type FinishReason = z.infer<typeof FinishReason>;

/**
 * How a tier took over: `resume` read on in the page's own answer, `restart` asked again, `elsewhere`
 * asked again but not on the page, which had refused.
 */
export const Takeover = z.enum(['resume', 'restart', 'elsewhere']);
export type Takeover = z.infer<typeof Takeover>;

const tokens = z.int().nonnegative();

/**
 * One step of one job, whichever tier made it: `started`, then content in the order the model wrote
 * it, then exactly one of `finish` or `error`. `text` and `reasoning` are pieces to append, never
 * snapshots. `usage` comes at most once, before the end; its `completionTokens` exclude thinking.
 */
export const JobEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    tier: TierName,
    model: z.string(),
    /** Wishes that the page could not fulfil as they were said, one phrase each, in ASCII. */
    warnings: z.array(z.string()).optional(),
  }),
  z.object({ type: z.literal('reasoning'), text: z.string() }),
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('tool_call'),
    index: z.int().nonnegative(),
    id: z.string(),
    name: z.string(),
    /** JSON text of the arguments object; `{}` when there are none. */
    arguments: z.string(),
    /** Opaque thought signature the service wants back with this call, base64. */
    signature: z.string().optional(),
  }),
  z.object({ type: z.literal('media'), mimeType: z.string(), data: z.string() }),
  z.object({ type: z.literal('citation'), url: z.string(), title: z.string() }),
  z.object({
    type: z.literal('usage'),
    promptTokens: tokens,
    completionTokens: tokens,
    reasoningTokens: tokens,
    totalTokens: tokens,
    /**
     * True where whoever answered sent these counts, AI Studio or the helper; else AI Studio may have sent
     * `completionTokens` alone.
     */
    exact: z.boolean(),
  }),
  z.object({
    type: z.literal('tier_changed'),
    from: TierName,
    to: TierName,
    takeover: Takeover,
    reason: z.string(),
  }),
  z.object({
    type: z.literal('finish'),
    reason: FinishReason,
    /** AI Studio's own sentence about an answer that it held back. */
    message: z.string().optional(),
  }),
  z.object({ type: z.literal('error'), error: ErrorRecord }), // nested: its own `type` is OpenAI's
]);
export type JobEvent = z.infer<typeof JobEvent>;

/** The variant of {@link JobEvent} with this `type`. */
export type JobEventOf<T extends JobEvent['type']> = Extract<JobEvent, { type: T }>;

/** The events that end a job: exactly one of them closes every event stream. */
export type TerminalEvent = JobEventOf<'finish' | 'error'>;

const CONTENT: ReadonlySet<JobEvent['type']> = new Set([
  'reasoning',
  'text',
  'tool_call',
  'media',
  'citation',
]);

/** True for what the client is waiting for; after the first of these a job is never restarted. */
export const isContent = (event: JobEvent): boolean => CONTENT.has(event.type);

/** True for the one event that ends a job. */
export const isTerminal = (event: JobEvent): event is TerminalEvent =>
  event.type === 'finish' || event.type === 'error';
