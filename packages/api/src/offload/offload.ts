import { type Draft } from '../files/remote-file.ts';
import { tasks, type Tasks } from './tasks.ts';
import { runInThread } from './threads.ts';

/*
 * From these sizes on the work is done in another thread, so that this one is never kept from other
 * requests for more than 50 ms; below them the way to the thread would take longer than the work.
 */
const PARSED_HERE_BYTES = 2_000_000;
const ENCODED_HERE_CHARACTERS = 4_000_000;
const ESTIMATED_HERE_CHARACTERS = 200_000;

/** A body's JSON; `bytes` may be gone afterwards. Throws what {@link Tasks} says. */
export async function parseJson(bytes: Uint8Array, charset: string): Promise<unknown> {
  if (bytes.length < PARSED_HERE_BYTES) return tasks.parseJson({ bytes, charset });
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return runInThread('parseJson', { bytes, charset }, isWhole ? [buffer] : []);
}

/** A plan as it is stored, and its SHA-256 (hex). */
export async function encodePlan(plan: Draft): Promise<ReturnType<Tasks['encodePlan']>> {
  if (sizeOf(plan) < ENCODED_HERE_CHARACTERS) return tasks.encodePlan(plan);
  return runInThread('encodePlan', plan);
}

/** How many tokens a plan's prompt has. */
export async function estimatePrompt(plan: Draft): Promise<number> {
  const textual = { ...plan, turns: plan.turns.map(withoutFiles) };
  if (sizeOf(textual) < ESTIMATED_HERE_CHARACTERS) return tasks.estimatePrompt(plan);
  return runInThread('estimatePrompt', plan);
}

const withoutFiles = (turn: Draft['turns'][number]): Draft['turns'][number] => ({
  ...turn,
  parts: turn.parts.filter(({ type }) => type !== 'file'),
});

/** About how many characters a plan has. */
function sizeOf({ turns, settings }: Draft): number {
  const parts = turns.flatMap((turn) => turn.parts);
  const inParts = parts.reduce((sum, part) => {
    const texts = Object.values(part).filter((one) => typeof one === 'string');
    return sum + texts.reduce((length, text) => length + text.length, 0);
  }, 0);
  return inParts + JSON.stringify(settings).length;
}
