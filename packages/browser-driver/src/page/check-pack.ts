import { type PagePack } from '@aistudio/core';

import {
  type Alternates,
  ELEMENT_NAMES,
  type ElementName,
  type Locator,
  selectors,
} from './selectors.ts';

/** What of a pack the page has no element for, by path. */
export function checkElements({ selectors: given = {}, texts = {} }: PagePack): string[] {
  const labelled = Object.entries(texts).flatMap(([language, { labels = {} }]) =>
    Object.keys(labels).map((name) => ({ path: `texts.${language}.labels.${name}`, name })),
  );
  const all = Object.keys(given).map((name) => ({ path: `selectors.${name}`, name }));
  return [
    ...[...all, ...labelled].flatMap(({ path, name }) => (isElement(name) ? [] : unknown(path))),
    ...labelled.flatMap(({ path, name }) =>
      isElement(name) && named(name).length === 0
        ? [`${path}: this element is not found by a label; give it under selectors`]
        : [],
    ),
  ];
}

const isElement = (name: string): name is ElementName => Object.hasOwn(selectors, name);

const unknown = (path: string): string => {
  const name = path.split('.').at(-1)?.toLowerCase() ?? '';
  const alike = ELEMENT_NAMES.find((known) => distance(known.toLowerCase(), name) <= 2);
  const hint = alike ? `did you mean ${alike}?` : '`pnpm run doctor --print-pack` lists all names';
  return `${path}: there is no such element; ${hint}`;
};

/** How an element's built-in alternates that go by a label restrict what has it. */
export const named = (name: ElementName): Locator[] =>
  (selectors[name] as Alternates).filter(
    (way): way is Locator => typeof way !== 'string' && way.name !== undefined,
  );

/** How many letters must be changed, added or left out to make one word the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of one.split('').entries()) {
    const next = [index + 1];
    for (const [column, theirs] of other.split('').entries()) {
      const change = (row[column] ?? 0) + (letter === theirs ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
