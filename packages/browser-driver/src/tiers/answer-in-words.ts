import {
  type ErrorRecord,
  isContent,
  type JobEvent,
  StudioError,
  toErrorRecord,
  toLogMessage,
} from '@aistudio/core';

import { partsRefused, withParam } from './refused-schema.ts';
import { type Assignment, type Tier, TierFailedError } from './tier.ts';

/**
 * A tier's answer. Where the service refuses the declarations or the answer's schema that the page
 * sent, which it does before any content, asks once more in a new chat with that in words, if that is
 * allowed; otherwise the error names the parameter.
 */
export async function* answerInWords(
  tier: Tier,
  assignment: Assignment,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  for (;;) {
    const refusal = yield* untilRefused(tier, assignment, signal);
    if (!refusal) return;
    assignment.log.info('said in words, since the service does not take it', {
      reason: toLogMessage(refusal),
    });
    await assignment.slot.page.newChat(signal);
  }
}

/** Passes the answer on up to an error after which another rendering may help, which it returns. */
async function* untilRefused(
  tier: Tier,
  assignment: Assignment,
  signal: AbortSignal,
): AsyncGenerator<JobEvent, ErrorRecord | undefined> {
  const { rendering } = assignment;
  const declared = rendering.plan.settings.functions.map(({ name }) => name);
  const mayReword = (error: ErrorRecord): boolean =>
    tier.usesPage && partsRefused(error).some((part) => rendering.sayInWords(part));
  let hasContent = false;
  try {
    for await (const event of tier.answer(assignment, signal)) {
      if (event.type === 'error') {
        if (!hasContent && mayReword(event.error)) return event.error;
        yield { ...event, error: withParam(event.error, declared) };
      } else {
        hasContent ||= isContent(event);
        yield event;
      }
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof StudioError) || error instanceof TierFailedError) throw error;
    const record = toErrorRecord(error);
    if (!hasContent && mayReword(record)) return record;
    throw error;
  }
}
