import { type StepName } from '@aistudio/recorder';
import { type Page } from 'playwright';

import { type ElementName } from '../selectors.ts';
import { StudioPage } from '../studio-page.ts';
import { type RawCall, watchCalls } from './watch-calls.ts';

/** What opens without harm, by which button, and how it is known to be open. */
const BEHIND: readonly (readonly [name: StepName, opener: ElementName, sign: ElementName])[] = [
  ['model picker', 'modelTrigger', 'modelSearch'],
  ['system instructions', 'systemCard', 'systemInput'],
  ['upload menu', 'attach', 'uploadItem'],
];
/** Longest time for a dialog to open or to close, ms. */
const OPEN_MS = 5000;

/** What the visit has brought. */
export interface SecondTab {
  readonly calls: readonly RawCall[];
  /** What could not be recorded, and why. */
  readonly missed: readonly string[];
}

/**
 * Opens AI Studio in a second tab of the same browser context, keeps how it loads and what its
 * buttons open, and closes it. The first tab is not touched: a prompt that is sent just after a load
 * may be refused. Throws when the page does not load.
 */
export async function visitSecondTab(
  first: StudioPage,
  keep: (name: StepName, page: Page) => Promise<void>,
  signal: AbortSignal,
): Promise<SecondTab> {
  const missed: string[] = [];
  const page = await first.page.context().newPage();
  const watch = watchCalls(page, () => undefined);
  const knowledge = {
    current: first.kit.knowledge,
    refresh: () => Promise.resolve(), // for so short a visit the same knowledge does
    refuse: () => undefined,
  };
  const studio = new StudioPage(page, { home: first.home, knowledge });
  try {
    await studio.open(signal);
    await keep('loaded', page);
    for (const [name, opener, sign] of BEHIND) {
      const isOpen = await studio.kit.run(
        `open the ${name}`,
        async ({ dom }, names) => {
          const button = dom.find(names.opener);
          button?.click();
          return Boolean(button && (await dom.until(() => dom.find(names.sign), names.ms)));
        },
        { opener, sign, ms: OPEN_MS },
        signal,
      );
      if (!isOpen) missed.push(`did not open: ${name}`);
      // What opened may be what is not known: it is kept all the same.
      await keep(name, page);
      await studio.kit.run(
        `close the ${name}`,
        async ({ dom }, names) => {
          const close = dom.find('closePanel');
          if (close) close.click();
          else dom.press(document.activeElement ?? document.body, 'Escape');
          await dom.until(() => !dom.find(names.sign) && !dom.find('backdrop'), names.ms);
        },
        { sign, ms: OPEN_MS },
        signal,
      );
    }
    return { calls: await watch.stop(), missed };
  } finally {
    await watch.stop();
    await page.close().catch(() => undefined); // with its browser it is gone already
  }
}
