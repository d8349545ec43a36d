import { z } from 'zod';

import { JobEvent } from './events.ts';
import { ModelInfo } from './models.ts';

/**
 * What the page asked a model for, without the content (wire-format.md §4, §5.11), by whichever method.
 * Digests are SHA-256 in hex.
 */
export const RequestSummary = z.object({
  /** Without `models/`. */
  model: z.string(),
  temperature: z.number().optional(),
  topP: z.number().optional(),
  topK: z.number().optional(),
  maxOutputTokens: z.int().optional(),
  stop: z.array(z.string()),
  responseMimeType: z.string().optional(),
  hasResponseSchema: z.boolean(),
  thinking: z
    .object({
      budget: z.int().optional(),
      level: z.enum(['minimal', 'low', 'medium', 'high']).optional(),
    })
    .optional(),
  googleSearch: z.boolean(),
  urlContext: z.boolean(),
  codeExecution: z.boolean(),
  functionNames: z.array(z.string()),
  /** Number of contents, and of parts over all contents. */
  contentCount: z.int(),
  partCount: z.int(),
  /** Parts that are files or inline data. */
  fileCount: z.int(),
  /** Digest of all text parts of all contents, joined by nothing. */
  promptDigest: z.string(),
  /** Digest of the system instruction's text parts; absent without one. */
  systemDigest: z.string().optional(),
  /**
   * What may have been asked for but cannot be read from such a request, in the words of a request's
   * parameters (`temperature`, `prompt`, …).
   */
  unread: z.array(z.string()).optional(),
});
export type RequestSummary = z.infer<typeof RequestSummary>;

/** How a captured response body came to its end. */
export const CaptureEnd = z.enum([
  /** The body ended and its array closed. */
  'complete',
  /** The connection to the service broke, or the body ended before its array closed. */
  'truncated',
  /** The page itself dropped the request (Stop, navigation). */
  'aborted',
  /** The bytes went on to the page, but they are not what we can read. */
  'undecodable',
]);
export type CaptureEnd = z.infer<typeof CaptureEnd>;

const inExchange = {
  exchange: z.string(),
  /** Place among the records of its exchange, from 0: a record may come twice, or be lost. */
  index: z.int().nonnegative(),
};

/**
 * One record of a slot's capture stream, written by the stream proxy alone. `exchange` names one
 * answer of a model, by whichever calls it comes (wire-format.md §4, §5.11): `request`, then `response` (its status line), then `event`s as frames
 * complete, then one `end`. The decoder's `finish` or `error` event comes before `end`.
 * `models` stands by itself: the page's own ListModels answer.
 */
export const CaptureRecord = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('request'),
    ...inExchange,
    /** Epoch ms. */
    at: z.number(),
    /** Absent when the body could not be read: `undecodable` says why. */
    summary: RequestSummary.optional(),
    undecodable: z.string().optional(),
  }),
  z.object({
    type: z.literal('response'),
    ...inExchange,
    /** HTTP status. */
    status: z.int(),
  }),
  z.object({
    type: z.literal('event'),
    ...inExchange,
    /** Epoch ms, with fractions, at which the bytes that completed it came to the proxy. */
    at: z.number(),
    event: JobEvent,
  }),
  z.object({
    type: z.literal('end'),
    ...inExchange,
    end: CaptureEnd,
    /** Frames or parts of a shape we do not know, skipped. */
    unknownFrames: z.int().nonnegative(),
  }),
  z.object({ type: z.literal('models'), models: z.array(ModelInfo) }),
]);
export type CaptureRecord = z.infer<typeof CaptureRecord>;

/** The records of one entry of a capture stream, as JSON. */
export const recordsIn = (fields: readonly string[]): string[] =>
  fields.filter((_, index) => index % 2 === 1 && fields[index - 1] === 'record');
