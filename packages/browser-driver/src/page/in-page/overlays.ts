/// <reference lib="dom" />
import { type Clearing, type DialogStrategy, type Occasion } from '../dialogs.ts';
import { type Dom } from './dom.ts';

/** What stands in the way of the page, and getting rid of it (page.md §8). */
export interface Overlays {
  /** Deals with everything known, then tries Escape; reports what is left. */
  clear(occasion?: Occasion): Promise<Clearing>;
}

/** Makes {@link Overlays}. Runs in the page: refers to nothing outside itself. */
export function createOverlays(dom: Dom, strategies: readonly DialogStrategy[]): Overlays {
  /** Longest time for a dialog to go once answered, ms. */
  const GONE_MS = 2000;
  /** More than there can be on top of each other. */
  const MAX_DIALOGS = 8;
  /** How often a nameless overlay is sent away (page.md §8). */
  const MAX_ESCAPES = 3;

  const isBlocked = (): boolean =>
    dom.find('backdrop') !== undefined || dom.find('dialog') !== undefined;

  /** The first strategy whose sign is there, and whose button too, if it wants one. */
  const known = (
    tried: ReadonlySet<string>,
    present: Occasion | undefined,
  ): DialogStrategy | undefined =>
    strategies.find(
      ({ name, sign, answer, occasion }) =>
        !tried.has(name) &&
        (occasion === undefined || occasion === present) &&
        dom.find(sign) !== undefined &&
        (answer.type !== 'press' || dom.find(answer.button) !== undefined),
    );

  const escape = async (): Promise<void> => {
    dom.press(document.activeElement ?? document.body, 'Escape');
    await dom.until(() => !isBlocked(), GONE_MS / 4);
  };

  /** Answers one dialog; false when it stays. */
  const answer = async ({ sign, answer: how }: DialogStrategy): Promise<boolean> => {
    const shown = dom.find(sign);
    if (how.type === 'remove') shown?.remove();
    else if (how.type === 'press') dom.find(how.button)?.click();
    else await escape();
    return (await dom.until(() => !shown || !dom.isVisible(shown), GONE_MS)) === true;
  };

  return {
    async clear(occasion) {
      const dealtWith: string[] = [];
      const failed = new Set<string>();
      let escapes = 0;
      while (dealtWith.length < MAX_DIALOGS) {
        const strategy = known(failed, occasion);
        if (strategy?.answer.type === 'refuse') {
          return { dealtWith, blockedBy: { kind: 'refused', what: strategy.name } };
        }
        if (strategy) {
          if (await answer(strategy)) dealtWith.push(strategy.name);
          else failed.add(strategy.name);
        } else if (!isBlocked()) return { dealtWith };
        else if (escapes++ < MAX_ESCAPES) await escape();
        else break;
      }
      const dialog = dom.find('dialog') ?? dom.find('backdrop');
      const heading = dialog?.querySelector('h1, h2, [mat-dialog-title], [role="heading"]');
      const what = (heading ? dom.textOf(heading) : '') || `<${dialog?.localName ?? 'overlay'}>`;
      return { dealtWith, blockedBy: { kind: 'unknown', what } };
    },
  };
}
