import { createChance } from './chance.ts';

/** The kinds of change that releases of the page have shown (page.md §0, §4, §6, §8). */
export const DRIFT_KINDS = {
  tag: 'components have other tag names',
  class: 'classes have other names',
  attribute: 'test ids, names and ids are renamed, have other values, or are gone',
  label: 'accessible names, titles and placeholders are worded otherwise or are gone',
  text: 'texts of the page are worded otherwise',
  icon: 'icons have other ligature names, or none',
  button: 'buttons are elements with the role of a button',
  control: 'switches, number boxes and menu items are controls of another type',
  wrapped: 'elements stand inside one more element',
  moved: 'controls stand in another place, or in a popover behind a button',
  inserted: 'unknown elements stand between, beside and over the known ones',
  closed: 'the settings panel or its groups start closed',
} as const;

/** Name of a kind of change. */
export type DriftKind = keyof typeof DRIFT_KINDS;

/** What changes under one seed: the kinds, each with the share of names or elements it changes. */
export interface DriftPlan {
  readonly seed: number;
  readonly shares: ReadonlyMap<DriftKind, number>;
}

const ALL: readonly DriftKind[] = [
  'tag',
  'class',
  'attribute',
  'label',
  'text',
  'icon',
  'button',
  'control',
  'wrapped',
  'moved',
  'inserted',
  'closed',
];
/** How many kinds a release changes at once: mostly one, sometimes several. */
const COUNTS = [1, 1, 1, 1, 2, 2, 2, 3, 3, 5] as const;
/** A few names, many, or nearly half of them. */
const SHARES = [0.1, 0.25, 0.5] as const;

/** The plan of a seed: always the same one. Seed 0 changes nothing. */
export function planOf(seed: number): DriftPlan {
  const chance = createChance(seed);
  const shares = new Map<DriftKind, number>();
  if (seed === 0) return { seed, shares };
  const count = chance.pick(COUNTS, 'count');
  const byRank = ALL.toSorted((one, other) => chance.of(one) - chance.of(other));
  for (const kind of byRank.slice(0, count)) shares.set(kind, chance.pick(SHARES, 'share', kind));
  return { seed, shares };
}
