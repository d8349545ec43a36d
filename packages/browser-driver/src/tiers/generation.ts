import { deadline, type JobEvent } from '@aistudio/core';

import { type Slot } from '../slots/slot.ts';
import { pause } from '../waiting.ts';

/** How long pressing Stop may take before the slot's recovery sees to it, ms. */
const STOP_MS = 2000;
/** How long the page's call may go on after Stop, ms. */
const ENDED_MS = 1000;

/** What the page generates for one tier. Disposing it stops the page, unless it was released before. */
export interface Generation extends AsyncDisposable {
  /** Leaves the generation running, for another tier that takes over. */
  release(): void;
  /** Passes an answer on; with its finish there is nothing left to stop. */
  until(answer: AsyncIterable<JobEvent>): AsyncGenerator<JobEvent>;
}

/**
 * Takes responsibility for what the page is about to generate. A page whose call goes on although
 * Stop was pressed, or which shows no Stop, is loaded anew: that ends it too.
 */
export function holdGeneration(slot: Slot): Generation {
  let isHeld = true;
  return {
    release() {
      isHeld = false;
    },
    async *until(answer) {
      for await (const event of answer) {
        if (event.type === 'finish') isHeld = false; // its reader takes no more after this one
        yield event;
      }
    },
    async [Symbol.asyncDispose]() {
      if (!isHeld) return;
      using limit = deadline(STOP_MS);
      const isIdle = await slot.page.stop(limit.signal).catch(() => false);
      if (!isIdle || (await goesOn(slot))) slot.requireRecovery('it did not stop');
    },
  };
}

/** Whether the page's traffic shows that the call has not ended. */
async function goesOn({ evidence }: Slot): Promise<boolean> {
  using limit = deadline(STOP_MS);
  const call = await evidence?.call(0, limit.signal).catch(() => undefined);
  if (!call) return false;
  const late = pause(ENDED_MS, limit.signal).then(() => undefined);
  await Promise.race([call.outcome, late]);
  return call.settled === undefined;
}
