/// <reference lib="dom" />
import { type ElementName } from '../selectors.ts';
import { type Dom } from './dom.ts';

/** For every element, the alternate that finds it, from 0; null: none does. */
export type AlternatesFound = Record<string, number | null>;

/** An element as its best alternate finds it. */
export interface Seen {
  /** From 0. */
  readonly alternate: number;
  /** How many visible elements it matches. */
  readonly matches: number;
}

/** For every element that is there, how it is found. */
export type SeenByName = Partial<Record<ElementName, Seen>>;

/** Whether and how Run could be pressed; nothing was pressed. */
export interface Reach {
  readonly mouse:
    | { readonly type: 'reachable' }
    | { readonly type: 'missing' }
    /** `by` is what lies over the middle of the button. */
    | { readonly type: 'covered'; readonly by: string };
  readonly isEnabled: boolean;
  /** Whether the prompt box takes the focus, so that Ctrl+Enter would reach the page. */
  readonly hasKeyboard: boolean;
}

/** Looks which selectors still find what they are for. */
export interface Survey {
  /** On the page as it is. */
  alternates(): AlternatesFound;
  /** The same, with the number of matches; elements that are not there are omitted. */
  look(): SeenByName;
  /** With what `opener` opens, known by `sign`; closes it again. */
  lookBehind(opener: ElementName, sign: ElementName, ms: number): Promise<SeenByName>;
  reach(): Reach;
}

/** Makes a {@link Survey}. Runs in the page: refers to nothing outside itself. */
export function createSurvey(dom: Dom, names: readonly ElementName[]): Survey {
  const modelId = (): string => {
    const model = dom.find('modelName');
    return model ? dom.textOf(model) : ''; // any row of the list will do
  };

  const look = (): SeenByName => {
    const id = modelId();
    const seen: SeenByName = {};
    for (const name of names) {
      const alternate = dom.alternateOf(name, id);
      if (alternate === undefined) continue;
      seen[name] = { alternate, matches: dom.findAll(name, id).length };
    }
    return seen;
  };

  const mouse = (): Reach['mouse'] => {
    const button = dom.find('runButton');
    if (!button) return { type: 'missing' };
    button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const box = button.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    // What is disabled may let the pointer through to the element that holds it.
    const host = dom.isDisabled(button) ? button.parentElement : button;
    if (top && (button.contains(top) || host === top)) return { type: 'reachable' };
    const by = top ? `<${top.localName} class="${top.getAttribute('class') ?? ''}">` : 'nothing';
    return { type: 'covered', by };
  };

  return {
    alternates() {
      const id = modelId();
      return Object.fromEntries(names.map((name) => [name, dom.alternateOf(name, id) ?? null]));
    },
    look,
    async lookBehind(opener, sign, ms) {
      const button = dom.find(opener);
      (button?.querySelector<HTMLElement>('.mat-mdc-select-trigger') ?? button)?.click();
      await dom.until(() => dom.find(sign), ms);
      const seen = look();
      const close = dom.find('closePanel');
      if (close) close.click();
      else dom.press(document.activeElement ?? document.body, 'Escape');
      await dom.until(() => !dom.find(sign) && !dom.find('backdrop'), ms);
      return seen;
    },
    reach() {
      const button = dom.find('runButton');
      const input = dom.find('promptInput');
      input?.focus({ preventScroll: true });
      return {
        mouse: mouse(),
        isEnabled: button !== undefined && !dom.isDisabled(button),
        hasKeyboard: input !== undefined && document.activeElement === input,
      };
    },
  };
}
