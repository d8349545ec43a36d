import { parsePagePack } from '@aistudio/core';
import { checkWireTables } from '@aistudio/wire';
import { expect, it } from '@jest/globals';

import { builtInPack } from './built-in-pack.ts';
import { checkElements } from './check-pack.ts';

it('is a page pack: what is printed can be corrected and used', () => {
  const pack = parsePagePack(JSON.stringify(builtInPack));
  expect(pack).toEqual(builtInPack);
  expect([...checkElements(pack), ...checkWireTables(pack)]).toEqual([]);
});
