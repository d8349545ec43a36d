import { z } from 'zod';

import { type Finding } from '../page/survey.ts';

/** How the elements of a page were found, to compare another look with. */
export const PageTable = z.object({
  /** ISO 8601 */
  at: z.string(),
  /** The model that the page showed: it decides which settings there are. */
  model: z.string().optional(),
  /** Digest of the page packs in use. */
  packs: z.string(),
  /** By element, the selector that found it. */
  found: z.record(z.string(), z.string()),
  missing: z.array(z.string()),
});
export type PageTable = z.infer<typeof PageTable>;

/** A {@link PageTable} of what a look at the page found. */
export function toPageTable(
  findings: readonly Finding[],
  about: Pick<PageTable, 'at' | 'model' | 'packs'>,
): PageTable {
  const found = findings.flatMap(({ name, selector }) => (selector ? [[name, selector]] : []));
  const missing = findings.filter(({ status }) => status === 'missing').map(({ name }) => name);
  return { ...about, found: Object.fromEntries(found), missing };
}

/** What is found otherwise than before, in sentences; empty: nothing of importance. */
export function changesOf(before: PageTable, now: PageTable): string[] {
  const lost = now.missing
    .filter((name) => before.found[name] !== undefined)
    .map((name) => `${name} is not found any more (it was by ${before.found[name]})`);
  // Other selectors, or the settings of another model, are no changes of the page.
  if (before.packs !== now.packs || before.model !== now.model) return lost;
  const other = Object.entries(now.found).flatMap(([name, selector]) => {
    const old = before.found[name];
    return old === undefined || old === selector
      ? []
      : [`${name} is found by ${selector} (it was by ${old})`];
  });
  const gone = Object.keys(before.found)
    .filter((name) => now.found[name] === undefined && !now.missing.includes(name))
    .map((name) => `${name} is not on the page any more`);
  return [...lost, ...other, ...gone];
}
