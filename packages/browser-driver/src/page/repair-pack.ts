import { PAGE_PACK_VERSION, type PackSelector, type PagePackFile } from '@aistudio/core';

import { likeliest } from './candidates.ts';
import { type Finding } from './survey.ts';

/**
 * A page pack of the likeliest candidate for each missing element; undefined: there is none.
 * `at` is an ISO 8601 time.
 */
export function toRepairPack(findings: readonly Finding[], at: string): PagePackFile | undefined {
  const selectors = findings.flatMap(({ name, candidates = [] }): [string, PackSelector[]][] => {
    const best = likeliest(candidates);
    return best ? [[name, [...best.ways]]] : [];
  });
  if (selectors.length === 0) return undefined;
  const name = `repair-${at.slice(0, 10)}`;
  return { version: PAGE_PACK_VERSION, name, selectors: Object.fromEntries(selectors) };
}
