/// <reference lib="dom" />
import { type Alternates, type ElementName } from '../selectors.ts';

/** Alternates by element, without those that this browser does not understand. */
export interface UsableSelectors {
  readonly table: Record<ElementName, Alternates>;
  /** What was left out, and where it stood. */
  readonly refused: readonly string[];
}

/** Leaves out what is not CSS: one such selector would end every look at the page. Runs in the page. */
export function createUsableSelectors(
  given: Readonly<Record<ElementName, Alternates>>,
): UsableSelectors {
  const empty = document.createDocumentFragment();
  const refused: string[] = [];
  const isCss = (css: string): boolean => {
    try {
      empty.querySelector(css.replaceAll('{}', 'x'));
      return true;
    } catch {
      return false;
    }
  };
  const table: Record<ElementName, Alternates> = { ...given };
  let name: ElementName;
  for (name in table) {
    table[name] = table[name].filter((way) => {
      const css = typeof way === 'string' ? way : way.css;
      if (isCss(css)) return true;
      refused.push(`selectors.${name}: not CSS that the browser understands: ${css}`);
      return false;
    });
  }
  return { table, refused };
}
