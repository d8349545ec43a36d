import { describe, expect, it } from '@jest/globals';

import { createChance } from './chance.ts';
import { createDriftNames } from './names.ts';
import { DRIFT_KINDS, type DriftKind, type DriftPlan, planOf } from './plan.ts';
import { createDriftReport } from './report.ts';
import { reword } from './reword.ts';

const SEEDS = Array.from({ length: 500 }, (_, index) => index + 1);
const everything = (seed: number, ...kinds: DriftKind[]): DriftPlan => ({
  seed,
  shares: new Map(kinds.map((kind) => [kind, 1])),
});

describe('a plan', () => {
  it('is the same for the same seed, and empty for 0', () => {
    expect(planOf(17)).toEqual(planOf(17));
    expect(planOf(0).shares.size).toBe(0);
  });

  it('falls on every kind, alone and together with others, over many seeds', () => {
    const plans = SEEDS.map(planOf);
    for (const kind of Object.keys(DRIFT_KINDS) as DriftKind[]) {
      const having = plans.filter(({ shares }) => shares.has(kind));
      expect(having.length).toBeGreaterThan(40);
      expect(having.some(({ shares }) => shares.size === 1)).toBe(true);
      expect(having.some(({ shares }) => shares.size > 1)).toBe(true);
    }
    expect(plans.every(({ shares }) => shares.size >= 1 && shares.size <= 5)).toBe(true);
  });
});

describe('names', () => {
  it('change only where their kind is in the plan', () => {
    const names = createDriftNames(everything(5, 'class'));
    expect(names.tag('ms-toolbar')).toBe('ms-toolbar');
    expect(names.text('Run settings')).toBe('Run settings');
    expect(names.className('toolbar-left')).not.toBe('toolbar-left');
    expect(names.className('toolbar-left')).toBe(names.className('toolbar-left'));
  });

  it('leave what is no name of a component as it is', () => {
    const names = createDriftNames(everything(5, 'tag', 'attribute', 'label'));
    expect(names.tag('button')).toBe('button');
    expect(names.attribute('href', '/library')).toEqual(['href', '/library']);
    expect(names.attribute('aria-checked', 'true')).toEqual(['aria-checked', 'true']);
    expect(names.attribute('id', 'turn-1')).toEqual(['id', 'turn-1']);
  });

  it('keep what tells one id of a list from the next', () => {
    const ids = SEEDS.map((seed) =>
      createDriftNames(everything(seed, 'attribute')).attribute('id', 'row-of/alpha'),
    );
    const kept = ids.filter((id) => id !== undefined);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every(([, value]) => value.endsWith('alpha'))).toBe(true);
  });

  it('change a share of the names and not the rest', () => {
    const plan = { seed: 3, shares: new Map([['class', 0.15] as const]) };
    const names = createDriftNames(plan);
    const changed = SEEDS.filter((index) => names.className(`name-${index}`) !== `name-${index}`);
    expect(changed.length / SEEDS.length).toBeGreaterThan(0.08);
    expect(changed.length / SEEDS.length).toBeLessThan(0.22);
  });
});

describe('reword', () => {
  it('always finds other words, the same for the same seed', () => {
    for (const seed of SEEDS.slice(0, 50)) {
      const chance = createChance(seed);
      const words = reword('Close run settings panel', chance);
      expect(words).not.toBe('Close run settings panel');
      expect(reword('Close run settings panel', createChance(seed))).toBe(words);
    }
  });
});

describe('the report', () => {
  it('gives the changes of the seed that is on, and none of another', () => {
    const report = createDriftReport();
    report.take(JSON.stringify({ seed: 4, changes: ['class: a → b'] }));
    expect(report.summary(4).changes).toEqual(['class: a → b']);
    expect(Object.keys(report.summary(4).kinds)).toEqual([...planOf(4).shares.keys()]);
    expect(report.summary(5).changes).toEqual([]);
  });
});
