import { PAGE_PACK_VERSION, type PagePackFile } from '@aistudio/core';

import { selectors } from './selectors.ts';

/** Everything that is known without a page pack, in the format of one: what a pack can correct. */
export const builtInPack: PagePackFile = {
  version: PAGE_PACK_VERSION,
  name: 'built-in',
  selectors: Object.fromEntries(Object.entries(selectors).map(([name, ways]) => [name, [...ways]])),
};
