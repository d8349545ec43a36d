import { type JobEvent, type Takeover, toLogMessage } from '@aistudio/core';

import { codeOf, textOf } from '../job/prompt.ts';
import { demandCall } from '../tools/demand-call.ts';
import { readCalls } from '../tools/read-calls.ts';
import { withoutFence } from '../tools/without-fence.ts';
import { withoutRepetition } from '../tools/without-repetition.ts';
import { answerInWords } from './answer-in-words.ts';
import { Relay } from './relay.ts';
import { cutAtStop } from './stop-sequences.ts';
import { type Assignment, type Tier, TierFailedError } from './tier.ts';

/**
 * Yields one answer, from whichever tiers it takes, in the order given: each piece once, up to its
 * first stop sequence, with the calls that the client may rely on, ending in the terminal event. The
 * only place that knows how one tier takes over from another. Throws when no tier can answer.
 */
export function runTiers(
  tiers: readonly Tier[],
  assignment: Assignment,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  const { plan, log } = assignment;
  const { stop, calling, functions, structuredOutput } = plan.settings;
  let events = readCalls(relayTiers(tiers, assignment, signal), plan, codeOf(plan), log);
  if (calling?.isRequired && functions.length > 0) events = demandCall(events);
  if (structuredOutput) events = withoutFence(events);
  const last = plan.turns.at(-1);
  if (last?.isUnfinished) events = withoutRepetition(events, textOf(last));
  return cutAtStop(events, stop);
}

async function* relayTiers(
  tiers: readonly Tier[],
  assignment: Assignment,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  const relay = new Relay();
  let left = [...tiers];
  let tier = left.shift();
  let events: AsyncIterable<JobEvent> | undefined = tier && answerInWords(tier, assignment, signal);
  while (tier && events) {
    relay.rewind();
    try {
      for await (const event of events) yield* relay.unsent(event);
      return;
    } catch (error) {
      if (!(error instanceof TierFailedError)) throw error;
      if (error.takeover === 'elsewhere') left = left.filter(({ usesPage }) => !usesPage);
      const next = successor(left, error, relay.hasSent);
      if (!next) throw error;
      const { tier: to, takeover } = next;
      const change = { from: tier.name, to: to.name, takeover };
      assignment.log.warn('tier failed', { ...change, reason: toLogMessage(error) });
      yield { type: 'tier_changed', ...change, reason: error.message };
      events =
        takeover === 'resume'
          ? to.resume?.(assignment, signal, relay.sent)
          : answerInWords(to, assignment, signal);
      left = left.slice(left.indexOf(to) + 1);
      tier = to;
    }
  }
}

/** Who may go on after `error`, and how. */
function successor(
  left: readonly Tier[],
  error: TierFailedError,
  hasSent: boolean,
): { tier: Tier; takeover: Takeover } | undefined {
  const { takeover } = error;
  if (takeover === 'resume') {
    const tier = left.find((candidate) => 'resume' in candidate);
    return tier && { tier, takeover };
  }
  const [tier] = left;
  if (takeover === 'final' || hasSent || !tier) return undefined;
  return { tier, takeover };
}
