import { type AnswerLimits } from '@aistudio/core';

import { type PageCall } from '../page/page-evidence.ts';
import { ask } from './ask.ts';
import { holdGeneration } from './generation.ts';
import { readAnswer } from './read-answer.ts';
import { type Assignment, type Tier } from './tier.ts';

/** The answer as the page itself shows it, within limits on how long it shows nothing new. */
export function createDomTier(limits: AnswerLimits): Tier {
  return {
    name: 'dom',
    usesPage: true,
    async *answer(assignment, signal) {
      // A tier before this one gave the proxy up.
      if (assignment.slot.captures) await assignment.slot.bypassProxy(signal);
      await using generation = holdGeneration(assignment.slot);
      const call = await askOnPage(assignment, signal);
      yield* generation.until(readAnswer(assignment, call, limits, signal));
    },
    async *resume(assignment, signal, sent) {
      await using generation = holdGeneration(assignment.slot);
      const call = await assignment.slot.evidence?.call(0, signal);
      yield* generation.until(readAnswer(assignment, call, limits, signal, sent));
    },
  };
}

/** Sends the prompt; that it was sent is for the page's traffic to say, else for its chat. */
async function askOnPage(
  assignment: Assignment,
  signal: AbortSignal,
): Promise<PageCall | undefined> {
  const { evidence, page } = assignment.slot;
  if (evidence) return ask(assignment, (ms, within) => evidence.call(ms, within), signal);
  const hasTaken = async (ms: number, within: AbortSignal): Promise<object | undefined> =>
    (await page.untilSent(ms, within)) ? {} : undefined;
  await ask(assignment, hasTaken, signal);
  return undefined;
}
