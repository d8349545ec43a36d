import { z } from 'zod';

/** What a call carried, redacted. */
export const Body = z.union([
  /** An array of the network format, or any other JSON. */
  z.object({ json: z.unknown() }).refine((body) => 'json' in body),
  /** It was no JSON. */
  z.object({ text: z.string() }),
  /** There was none, or the browser did not show it. */
  z.object({ missing: z.string() }),
]);
export type Body = z.infer<typeof Body>;

/** One RPC of the page. */
export const RecordedCall = z.object({
  /** The last part of its path. */
  method: z.string(),
  host: z.string().regex(/^[\w.-]+$/),
  path: z.string().startsWith('/'),
  /** Which document asked: the one that the driver uses, or one that was opened to be recorded. */
  tab: z.enum(['driver', 'second']),
  /** Since the recording began, ms. */
  atMs: z.number(),
  /** Until the head of the answer, and until its end, ms; null: it did not come. */
  headMs: z.number().nullable(),
  endMs: z.number().nullable(),
  /** HTTP status; null: there was no answer. */
  status: z.number().nullable(),
  contentType: z.string().nullable(),
  request: Body,
  response: Body,
});
export type RecordedCall = z.infer<typeof RecordedCall>;

/** The moments of a chat at which the page is recorded. */
export const StepName = z.enum([
  'empty chat',
  'settings read',
  'settings changed',
  'prompt entered',
  'run pressed',
  'answering',
  'answered',
  'new chat',
  'loaded',
  'model picker',
  'system instructions',
  'upload menu',
]);
export type StepName = z.infer<typeof StepName>;

/** The page at one moment. */
export const RecordedStep = z.object({
  name: StepName,
  /** Since the recording began, ms. */
  atMs: z.number(),
  path: z.string().startsWith('/'),
  html: z.string(),
});
export type RecordedStep = z.infer<typeof RecordedStep>;

/** One prompt on the real page, without anything personal. */
export const Recording = z.object({
  format: z.literal('aistudio-recording'),
  version: z.literal(1),
  /** The browser and its version. */
  browser: z.string(),
  /** The document's language: labels depend on it. */
  language: z.string(),
  steps: z.array(RecordedStep),
  calls: z.array(RecordedCall),
  /** What could not be recorded, and why. */
  notes: z.array(z.string()),
});
export type Recording = z.infer<typeof Recording>;
