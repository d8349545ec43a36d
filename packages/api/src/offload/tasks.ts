import { createHash } from 'node:crypto';

import { StudioError } from '@aistudio/core';

import { type DecodedFile } from '../files/decoded-file.ts';
import { type Countable, estimatePrompt } from '../tokens/estimate-prompt.ts';
import { decodeText } from './decode-text.ts';
import { type NumberedPlan } from './separate-files.ts';
import { takeOutFiles } from './take-out-files.ts';

/**
 * How many values a body may hold: they are handed to another thread one by one, and no request has a
 * use for more. A conversation of 5,000 messages has some 25,000.
 */
const MAX_VALUES = 300_000;

/** What may take long, by name. Each is a function of its input alone, and runs in any thread. */
export const tasks = {
  /** A body's JSON. Throws `invalid_json`, and `invalid_value` for one of more values than are taken. */
  parseJson: parseBytes,

  /** The same of a body in blocks, with the long files of the body, in their places, decoded: they are also the `files`. */
  parseLargeJson({
    blocks,
    charset,
  }: {
    readonly blocks: readonly Uint8Array[];
    readonly charset: string;
  }): { readonly value: unknown; readonly files: readonly DecodedFile[] } {
    const value = parseBytes({ bytes: Buffer.concat(blocks), charset });
    return { value, files: takeOutFiles(value) };
  },

  /** A plan as it is stored, and its SHA-256 (hex). */
  encodePlan(plan: NumberedPlan): { readonly bytes: Uint8Array; readonly digest: string } {
    const bytes = Buffer.from(JSON.stringify(plan));
    return { bytes, digest: createHash('sha256').update(bytes).digest('hex') };
  },

  /** How many tokens a plan's prompt has. */
  estimatePrompt(plan: Countable): number {
    return estimatePrompt(plan);
  },
} as const;

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;

function parseBytes({
  bytes,
  charset,
}: {
  readonly bytes: Uint8Array;
  readonly charset: string;
}): unknown {
  const value = parseText(decodeText(bytes, charset));
  if (countValues(value, MAX_VALUES) > MAX_VALUES) {
    throw new StudioError('invalid_value', `The body holds more than ${MAX_VALUES} JSON values.`);
  }
  return value;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('invalid_json', `The body is not JSON: ${reason}`);
  }
}

/** How many values there are, itself included; counting stops beyond `limit`. */
function countValues(value: unknown, limit: number): number {
  const open: unknown[] = [value];
  let count = 0;
  while (open.length > 0 && count <= limit) {
    const one = open.pop();
    count += 1;
    if (typeof one !== 'object' || one === null) continue;
    for (const inside of Object.values(one)) {
      if (open.length > limit) return limit + 1;
      open.push(inside);
    }
  }
  return count;
}
