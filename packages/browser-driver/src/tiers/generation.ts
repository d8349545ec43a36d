import { deadline } from '@aistudio/core';

import { type StudioPage } from '../page/studio-page.ts';

/** How long pressing Stop may take before the slot's recovery sees to it, ms. */
const STOP_MS = 2000;

/** What the page generates for one tier. Leaving its scope stops the page, unless let go before. */
export interface Generation extends AsyncDisposable {
  /** It has ended, or another tier goes on with it. */
  letGo(): void;
}

/** Takes responsibility for what the page is about to generate. */
export function holdGeneration(page: StudioPage): Generation {
  let isHeld = true;
  return {
    letGo() {
      isHeld = false;
    },
    async [Symbol.asyncDispose]() {
      if (!isHeld) return;
      using limit = deadline(STOP_MS);
      await page.stop(limit.signal).catch(() => false);
    },
  };
}
