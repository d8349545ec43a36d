/// <reference lib="dom" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type Dom } from './dom.ts';
import { type Ensure } from './ensure.ts';

/** The one component that is Run and Stop (page.md §4.1). */
export type RunState = 'ready' | 'disabled' | 'generating' | 'missing';

/** Where to press Run, or what keeps us from it. */
export type RunTarget =
  | { readonly type: 'clear'; readonly x: number; readonly y: number }
  | { readonly type: 'covered'; readonly by: string }
  | { readonly type: 'not_ready'; readonly state: RunState };

/** Run and Stop, as the page shows them. */
export interface RunControl {
  state(): RunState;
  /** Says that Run is about to be pressed: that something is generated may show only some time later. */
  expect(): void;
  /** What the page says about Run, and why the model must be paid for; empty: nothing. */
  notices(): { tooltip: string; paid: string };
  /** Waits until text can be sent; gives the state at the end. */
  untilReady(timeoutMs: number): Promise<RunState>;
  /** Waits until nothing is generated; false after `timeoutMs`. */
  untilIdle(timeoutMs: number): Promise<boolean>;
  /**
   * Finds the point to press, waiting at most `timeoutMs` for a cover to go, and listens whether a
   * press really arrives at Run.
   */
  aim(timeoutMs: number): Promise<RunTarget>;
  /** True once the press aimed for has reached Run. */
  hasLanded(): boolean;
  /** Presses Stop if something is generated; true when the page is idle within `timeoutMs`. */
  stop(timeoutMs: number): Promise<boolean>;
}

/** Makes a {@link RunControl}. Runs in the page: refers to nothing outside itself. */
export function createRunControl(dom: Dom, ensure: Ensure): RunControl {
  /** A button that is not there on a page that has come to rest for this long is missing, ms. */
  const MISSING_MS = 1200;
  /** How long after a press of Run the page may take to show Stop, ms. */
  const STOP_LATE_MS = 1000;
  let expectedAt = -Infinity;
  /** Something was seen to be generated since then. */
  let hasGenerated = false;
  let hasLanded = false;
  let stopListening = (): void => undefined;

  const shown = (): RunState => {
    if (dom.find('stopMark')) return 'generating';
    const button = dom.find('runButton');
    if (!button) return 'missing';
    if (/^(stop|cancel)\b/i.test(dom.nameOf(button))) return 'generating';
    return dom.isDisabled(button) ? 'disabled' : 'ready';
  };

  const state = (): RunState => {
    const now = shown();
    hasGenerated ||= now === 'generating';
    return now;
  };

  /** Nothing is generated, and nothing that shows it is still to come. */
  const isIdle = (): boolean => {
    const isLate = !hasGenerated && performance.now() - expectedAt < STOP_LATE_MS;
    return state() !== 'generating' && !isLate;
  };

  const describe = (element: Element | null): string =>
    element ? `<${element.localName} class="${element.getAttribute('class') ?? ''}">` : 'nothing';

  const look = (): RunTarget => {
    const now = state();
    const button = dom.find('runButton');
    if (now !== 'ready' || !button) return { type: 'not_ready', state: now };
    button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const box = button.getBoundingClientRect();
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    if (!top || !button.contains(top)) return { type: 'covered', by: describe(top) };
    return { type: 'clear', x, y };
  };

  return {
    state,
    expect() {
      expectedAt = performance.now();
      hasGenerated = false;
    },
    notices() {
      const ids = dom.find('runButton')?.getAttribute('aria-describedby')?.split(/\s+/) ?? [];
      const said = (elements: readonly Element[]): string =>
        elements
          .map((element) => dom.textOf(element))
          .join('; ')
          .replace(/\s+/g, ' ')
          .slice(0, 300);
      return {
        tooltip: said(ids.flatMap((id) => document.getElementById(id) ?? [])),
        paid: said(dom.findAll('paidNotice')),
      };
    },
    async untilReady(timeoutMs) {
      const from = performance.now();
      const isMissing = (): boolean =>
        performance.now() - from > MISSING_MS && state() === 'missing' && dom.isQuiet(MISSING_MS);
      await dom.until(() => state() === 'ready' || isMissing(), timeoutMs);
      return state();
    },
    async untilIdle(timeoutMs) {
      return (await dom.until(() => state() !== 'generating', timeoutMs)) === true;
    },
    async aim(timeoutMs) {
      await dom.until(() => look().type === 'clear', timeoutMs);
      const target = look();
      stopListening();
      hasLanded = false;
      if (target.type !== 'clear') return target;
      const listen = ({ target: reached }: Event): void => {
        // Looked up now: the page may have created it anew since.
        hasLanded ||= reached instanceof Node && dom.find('runButton')?.contains(reached) === true;
      };
      document.addEventListener('click', listen, { capture: true });
      stopListening = () => document.removeEventListener('click', listen, { capture: true });
      return target;
    },
    hasLanded() {
      stopListening();
      return hasLanded;
    },
    async stop(timeoutMs) {
      const failed = await ensure({
        what: 'stopMark',
        isTrue: isIdle,
        target: () =>
          state() === 'generating'
            ? (dom.find('stopMark')?.closest('button') ?? dom.find('runButton'))
            : undefined,
        act: (button) => button.click(),
        timeoutMs,
      });
      return !failed;
    },
  };
}
