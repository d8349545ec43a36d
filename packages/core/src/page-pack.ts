import { z } from 'zod';

import { errorCodes } from './errors.ts';

/** The version of the format that this program reads and writes. */
export const PAGE_PACK_VERSION = 1;

/** Source of a case-insensitive regular expression. */
const Pattern = z
  .string()
  .min(1)
  .max(1000)
  .refine((source) => isPattern(source), 'not a regular expression');

/** One way to find an element, in full: CSS, narrowed by what CSS cannot say. */
const PackLocator = z.strictObject({
  css: z.string().min(1).max(1000),
  /** Matches the accessible name. */
  name: Pattern.optional(),
  /** Matches the nearest heading or label beside a control that has no name of its own. */
  near: Pattern.optional(),
  /** Matches all text inside. */
  text: Pattern.optional(),
  /** Matches the word that its icon is made of. */
  icon: Pattern.optional(),
  /** Which of those found it is, by where they stand on the page. */
  place: z.enum(['prompt', 'beside prompt', 'top', 'right']).optional(),
});

/** One way to find an element. CSS alone is written as a string; `{}` stands for a value. */
export const PackSelector = z.union([
  z.string().min(1).max(1000),
  PackLocator.transform((locator) =>
    // Elements that are sought inside another one are found by plain CSS alone.
    Object.keys(locator).length === 1 ? locator.css : locator,
  ),
]);
export type PackSelector = z.infer<typeof PackSelector>;

/** A sentence of the page, and what it means for the answer. */
export const PackComplaint = z.strictObject({
  /** Matches anywhere in the sentence. */
  words: Pattern,
  /** `blocked`: the answer, or the rest of it, is held back; else the code of the error. */
  code: z.enum(['blocked', ...errorCodes]),
  /** What the client can do; a sentence. */
  advice: z.string().max(1000).default(''),
  /** `turn`: the words count in the answer's turn alone; elsewhere they may be about anything. */
  where: z.enum(['turn', 'anywhere']).default('anywhere'),
  /** Seconds after which trying again makes sense. */
  retryAfterSeconds: z.int().positive().optional(),
});
export type PackComplaint = z.infer<typeof PackComplaint>;

/** A position in a message, from 0. */
const Position = z.int().min(0).max(999);

/** A host of the service. Prompts and a signed-in browser go there, so no file may name another. */
const Host = z
  .string()
  .regex(/^([a-z\d-]+\.)+(google|googleapis)\.com$/, 'not a host of google.com or googleapis.com')
  .refine((host) => !host.startsWith('accounts.'), 'the sign-in is never read');

/**
 * What is known of AI Studio's page and of its calls, as data: a correction that works without a new
 * release. Everything in it goes in front of what is built in; nothing built in is lost.
 */
export const PagePack = z.strictObject({
  version: z.literal(PAGE_PACK_VERSION),
  name: z.string().regex(/^[\w.+-]{1,60}$/, 'letters, digits, and . _ + - only, at most 60'),
  /** By element, best first. */
  selectors: z.record(z.string(), z.array(PackSelector).min(1)).optional(),
  /** By language (`en`, `de`, …). */
  texts: z
    .record(
      z.string().regex(/^[a-z]{2,3}(-\w+)*$/i, 'not a language'),
      z.strictObject({
        /** By element: how the page names it. */
        labels: z.record(z.string(), z.array(z.string().min(1).max(200)).min(1)).optional(),
        complaints: z.array(PackComplaint).optional(),
      }),
    )
    .optional(),
  /** By call: its name in the address. */
  rpcs: z.record(z.string(), z.string().regex(/^\w+$/)).optional(),
  /** By kind of message and field: where it stands. */
  positions: z
    .record(z.string(), z.record(z.string(), z.union([Position, z.array(Position).max(50)])))
    .optional(),
  /** By part: where calls go. */
  hosts: z.strictObject({ rpc: z.array(Host).min(1).optional() }).optional(),
});
export type PagePack = z.infer<typeof PagePack>;

/** What a pack as it is written may hold: before defaults and checks. */
export type PagePackFile = z.input<typeof PagePack>;

/**
 * Reads a page pack. Throws an error whose message names each fault by its path and says what to do.
 */
export function parsePagePack(text: string): PagePack {
  const parsed = PagePack.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(describe).join('; '));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`not JSON (${why})`, { cause });
  }
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.') || 'the file';
  if (path === 'version') return `version: must be ${PAGE_PACK_VERSION}`;
  return `${path}: ${innermost(issue)}`;
}

/** Of a union, what its closest branch misses says more than that none fits. */
function innermost(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message;
  const all = issue.errors.flat().filter(({ code }) => code !== 'invalid_type');
  const [closest] = all;
  if (!closest)
    return issue.path.includes('positions')
      ? 'not a position'
      : 'neither CSS nor {"css": …, "name" | "near" | "text": …}';
  return [...closest.path.map(String), innermost(closest)].join(': ');
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'i') instanceof RegExp;
  } catch {
    return false;
  }
}
