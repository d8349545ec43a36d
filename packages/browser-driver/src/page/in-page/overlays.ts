/// <reference lib="dom" />
import { type Clearing, type DialogStrategy } from '../dialogs.ts';
import { type Dom } from './dom.ts';

/** What stands in the way of the page, and getting rid of it (page.md §8). */
export interface Overlays {
  /** Deals with everything known, then tries Escape; tells what is left. */
  clear(): Promise<Clearing>;
}

/** Makes {@link Overlays}. Runs in the page: refers to nothing outside itself. */
export function createOverlays(dom: Dom, strategies: readonly DialogStrategy[]): Overlays {
  /** Longest time for a dialog to go once answered, ms. */
  const GONE_MS = 2000;
  /** More rounds than there can be dialogs on top of each other. */
  const MAX_ROUNDS = 8;

  const isBlocked = (): boolean =>
    dom.find('backdrop') !== undefined || dom.find('dialog') !== undefined;

  const known = (): DialogStrategy | undefined =>
    strategies.find(({ sign }) => dom.find(sign) !== undefined);

  const escape = async (): Promise<void> => {
    dom.press(document.activeElement ?? document.body, 'Escape');
    await dom.until(() => !isBlocked(), GONE_MS / 4);
  };

  /** Answers one dialog; false when it stays. */
  const answer = async ({ sign, answer: how }: DialogStrategy): Promise<boolean> => {
    const shown = dom.find(sign);
    if (how.type === 'remove') shown?.remove();
    else if (how.type === 'press') {
      const button = dom.find(how.button);
      if (button) button.click();
      else await escape();
    } else await escape();
    return (await dom.until(() => !shown || !dom.isVisible(shown), GONE_MS)) === true;
  };

  return {
    async clear() {
      const dealtWith: string[] = [];
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const strategy = known();
        if (strategy?.answer.type === 'refuse') {
          return { dealtWith, blockedBy: { kind: 'refused', what: strategy.name } };
        }
        if (strategy && (await answer(strategy))) dealtWith.push(strategy.name);
        else if (isBlocked()) await escape();
        else return { dealtWith };
      }
      if (!isBlocked()) return { dealtWith };
      const dialog = dom.find('dialog') ?? dom.find('backdrop');
      const heading = dialog?.querySelector('h1, h2, [mat-dialog-title], [role="heading"]');
      const what = (heading ? dom.textOf(heading) : '') || `<${dialog?.localName ?? 'overlay'}>`;
      return { dealtWith, blockedBy: { kind: 'unknown', what } };
    },
  };
}
