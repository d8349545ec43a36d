/// <reference lib="dom" />
import { type ElementName } from '../selectors.ts';
import { type Dom } from './dom.ts';

/** For every element, the alternate that finds it, from 0; null: none does. */
export type AlternatesFound = Record<string, number | null>;

/** Looks which selectors still find what they are for. */
export interface Survey {
  /** On the page as it is. */
  alternates(): AlternatesFound;
  /** With what `opener` opens, known by `sign`; closes it again. */
  alternatesBehind(opener: ElementName, sign: ElementName, ms: number): Promise<AlternatesFound>;
}

/** Makes a {@link Survey}. Runs in the page: refers to nothing outside itself. */
export function createSurvey(dom: Dom, names: readonly ElementName[]): Survey {
  const alternates = (): AlternatesFound => {
    const model = dom.find('modelName');
    const id = model ? dom.textOf(model) : ''; // any row of the list will do
    return Object.fromEntries(names.map((name) => [name, dom.alternateOf(name, id) ?? null]));
  };

  return {
    alternates,
    async alternatesBehind(opener, sign, ms) {
      const button = dom.find(opener);
      (button?.querySelector<HTMLElement>('.mat-mdc-select-trigger') ?? button)?.click();
      await dom.until(() => dom.find(sign), ms);
      const found = alternates();
      const close = dom.find('closePanel');
      if (close) close.click();
      else dom.press(document.activeElement ?? document.body, 'Escape');
      await dom.until(() => !dom.find(sign) && !dom.find('backdrop'), ms);
      return found;
    },
  };
}
