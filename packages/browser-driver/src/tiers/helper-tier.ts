import { isContent, StudioError } from '@aistudio/core';
import { type HelperClient } from '@aistudio/helper-client';

import { type Tier, TierFailedError } from './tier.ts';

/** The helper's answer to the same conversation; the page is not touched. */
export function createHelperTier(helper: HelperClient): Tier {
  return {
    name: 'helper',
    usesPage: false,
    async *answer({ plan, readFile, phases, requireTurn }, signal) {
      let hasContent = false;
      await requireTurn(signal);
      try {
        for await (const event of helper.answer(plan, readFile, signal)) {
          if (event.type === 'started') phases.mark('submit');
          if (isContent(event) && !hasContent) {
            phases.mark('first_event');
            hasContent = true;
          }
          yield event;
        }
      } catch (cause) {
        if (signal.aborted || !(cause instanceof StudioError)) throw cause;
        const code = hasContent ? 'upstream_interrupted' : 'upstream_error';
        throw new TierFailedError(cause.code === 'timeout' ? 'timeout' : code, cause.message, {
          cause,
          logged: cause.logged,
          takeover: hasContent ? 'final' : 'restart',
        });
      }
    },
  };
}
