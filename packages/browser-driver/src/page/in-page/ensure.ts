/// <reference lib="dom" />
import { type Dom } from './dom.ts';

/** What a step on the page came to: nothing to say, or why it was not taken. */
export type Outcome =
  | {
      /**
       * `missing`: its element never came. `disabled`: it came, but never let itself be used.
       * `unmoved`: it was used in vain. `rejected`: the page says that the value is wrong.
       * `unlisted`: the page offers other values, but not this one.
       */
      readonly kind: 'missing' | 'disabled' | 'unmoved' | 'rejected' | 'unlisted';
      readonly detail: string;
    }
  | undefined;

/** One step on the page: what must be true afterwards, and how a person would make it so. */
export interface Step {
  /** Names the step in an {@link Outcome}. */
  readonly what: string;
  readonly isTrue: () => boolean;
  /**
   * What to act on, looked up anew at each look: the page creates its elements again whenever it
   * likes, and enables them some time after what unlocks them.
   */
  readonly target: () => HTMLElement | undefined;
  readonly act: (target: HTMLElement) => void;
  /** Longest time until the target can be used, and again until the step is true, ms. */
  readonly timeoutMs: number;
  /** Acts a second time after half the time: for acts that do no harm twice. */
  readonly isRepeatable?: boolean;
}

/**
 * Makes a step true: does nothing if it is so already, waits until the target can be used, acts, and
 * waits until it is true.
 */
export interface Ensure {
  (step: Step): Promise<Outcome>;
  /** How long after an act the page may still be changing, going by how late it was before, ms. */
  settleMs(): number;
}

/** Makes {@link Ensure}. Runs in the page: refers to nothing outside itself. */
export function createEnsure(dom: Pick<Dom, 'until' | 'isDisabled' | 'isQuiet'>): Ensure {
  /** Later than this no effect of a control is waited for in silence, ms. */
  const LATEST_MS = 400;
  /** What is not there on a page that has come to rest for this long is missing, ms. */
  const MISSING_MS = 1200;
  /** How many of the last steps say how late the page is. */
  const REMEMBERED = 20;
  const delays: number[] = [];

  const ensure = async (step: Step): Promise<Outcome> => {
    const { what, isTrue, target, act, timeoutMs, isRepeatable = false } = step;
    const usable = (): HTMLElement | undefined => {
      const found = target();
      return found && !dom.isDisabled(found) ? found : undefined;
    };
    const from = performance.now();
    const isMissing = (): boolean =>
      performance.now() - from > MISSING_MS && !target() && dom.isQuiet(MISSING_MS);
    await dom.until(() => isTrue() || usable() || isMissing(), timeoutMs);
    const tries = isRepeatable ? 2 : 1;
    for (let left = tries; left > 0 && !isTrue(); left--) {
      const element = usable();
      if (!element && left === tries) {
        return { kind: target() ? 'disabled' : 'missing', detail: what };
      }
      const since = performance.now();
      if (element) act(element);
      if (await dom.until(isTrue, timeoutMs / tries)) delays.push(performance.now() - since);
    }
    delays.splice(0, delays.length - REMEMBERED);
    return isTrue() ? undefined : { kind: 'unmoved', detail: what };
  };
  // Effects come in any order: the last may be later than all that have been seen.
  const settleMs = (): number => Math.min(LATEST_MS, 2 * Math.max(0, ...delays));
  return Object.assign(ensure, { settleMs });
}
