import { type Draft } from '../files/remote-file.ts';
import { type Countable, toCountable } from '../tokens/estimate-prompt.ts';
import { type NumberedPlan, separateFiles } from './separate-files.ts';
import { tasks, type Tasks } from './tasks.ts';
import { runInThread } from './threads.ts';

/*
 * From these sizes on the work is done in another thread, so that this one is never kept from other
 * requests for more than 50 ms; below them the way to the thread would take longer than the work.
 */
export const PARSED_HERE_BYTES = 2_000_000;
const ENCODED_HERE_CHARACTERS = 4_000_000;
const ESTIMATED_HERE_CHARACTERS = 200_000;

/** A body's JSON. Throws what {@link Tasks} says. */
export async function parseJson(bytes: Uint8Array, charset: string): Promise<unknown> {
  if (bytes.length < PARSED_HERE_BYTES) return tasks.parseJson({ bytes, charset });
  return parseBlocks([bytes], charset);
}

/** The JSON of a large body that came in blocks, which are gone afterwards where they have buffers of their own. */
export async function parseBlocks(
  blocks: readonly Uint8Array[],
  charset: string,
): Promise<unknown> {
  const own = blocks.flatMap(({ buffer, byteLength }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
  );
  const { value } = await runInThread('parseLargeJson', { blocks, charset }, own);
  return value;
}

/** A plan as it is stored, and its SHA-256 (hex); and apart from it the bytes of its files, by their numbers. */
export async function encodePlan(
  draft: Draft,
): Promise<ReturnType<Tasks['encodePlan']> & { readonly files: readonly Uint8Array[] }> {
  const { plan, files } = separateFiles(draft);
  const isSmall = sizeOf(plan) < ENCODED_HERE_CHARACTERS;
  const encoded = isSmall ? tasks.encodePlan(plan) : await runInThread('encodePlan', plan);
  return { ...encoded, files };
}

/** How many tokens a plan's prompt has. */
export async function estimatePrompt(plan: Draft): Promise<number> {
  const countable = toCountable(plan);
  if (sizeOf(countable) < ESTIMATED_HERE_CHARACTERS) return tasks.estimatePrompt(countable);
  return runInThread('estimatePrompt', countable);
}

/** About how many characters, or bytes of files, have to be looked at. */
function sizeOf({ turns, settings }: Countable | NumberedPlan): number {
  const parts = turns.flatMap((turn): readonly object[] => turn.parts);
  const inParts = parts.reduce<number>((sum, part) => {
    const lengths = Object.values(part).map((one: unknown) =>
      typeof one === 'string' || one instanceof Uint8Array ? one.length : 0,
    );
    return sum + lengths.reduce((length, more) => length + more, 0);
  }, 0);
  return inParts + JSON.stringify(settings).length;
}
