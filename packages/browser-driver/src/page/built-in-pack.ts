import { PAGE_PACK_VERSION, type PagePackFile } from '@aistudio/core';
import { rpcNames, wirePositions } from '@aistudio/wire';

import { COMPLAINTS } from './complaint-table.ts';
import { selectors } from './selectors.ts';

/** Everything that is known without a page pack, in the format of one: what a pack can correct. */
export const builtInPack: PagePackFile = {
  version: PAGE_PACK_VERSION,
  name: 'built-in',
  selectors: Object.fromEntries(Object.entries(selectors).map(([name, ways]) => [name, [...ways]])),
  texts: { en: { complaints: [...COMPLAINTS] } },
  rpcs: rpcNames,
  positions: Object.fromEntries(
    Object.entries(wirePositions).map(([group, fields]) => [
      group,
      Object.fromEntries(
        Object.entries<number | readonly number[]>(fields).map(([field, position]) => [
          field,
          typeof position === 'number' ? position : [...position],
        ]),
      ),
    ]),
  ),
};
