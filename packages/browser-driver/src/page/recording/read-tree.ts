import { type PageNode } from '@aistudio/recorder';
import { type Page } from 'playwright';

import { collectPageTree } from '../in-page/page-tree.ts';

// The function travels as source. Some TypeScript runners wrap named functions in a helper of this
// name, which the page does not have.
const SOURCE = `(() => {
  const __name = (value) => value;
  return (${collectPageTree.toString()})();
})()`;

/** Everything that a page holds and shows, not redacted yet: for this process alone. */
export const readTree = (page: Page): Promise<PageNode> => page.evaluate<PageNode>(SOURCE);
