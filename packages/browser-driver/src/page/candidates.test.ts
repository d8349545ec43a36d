import { describe, expect, it } from '@jest/globals';

import { likeliest, rankCandidates } from './candidates.ts';
import { type Feature } from './in-page/candidates.ts';

const feature = (given: Partial<Feature> & Pick<Feature, 'role'>): Feature => ({
  tag: 'button',
  label: '',
  near: '',
  marks: [],
  x: 0.5,
  y: 0.5,
  distances: {},
  known: [],
  ways: [`[title="${given.label ?? given.role}"]`],
  ...given,
});

const labels = (name: Parameters<typeof rankCandidates>[0], all: Feature[]): string[] =>
  rankCandidates(name, all).map(({ what }) => what);

describe('rankCandidates', () => {
  const toolbar = { y: 0.05, x: 0.9, distances: { newChat: 2 } };
  const renamed = feature({ role: 'button', label: 'Show settings of the run', ...toolbar });
  const others = [
    feature({ role: 'button', label: 'Get code', ...toolbar }),
    feature({ role: 'button', label: 'Share prompt', ...toolbar }),
    feature({ role: 'button', label: 'New chat', ...toolbar, known: ['newChat'] }),
    feature({ role: 'button', label: 'Settings', y: 0.95, x: 0.05 }),
    feature({ role: 'switch', label: 'Run settings', ...toolbar }),
  ];

  it('finds a control that has another label by the words both have', () => {
    const ranked = rankCandidates('openRunSettings', [...others, renamed]);
    expect(ranked[0]?.what).toBe('button “Show settings of the run”');
    expect(ranked[0]?.reasons).toEqual(['role', 'label', 'place', 'neighbours']);
    expect(likeliest(ranked)).toBe(ranked[0]);
  });

  it('goes by marks and place where the label says nothing', () => {
    const icon = feature({ role: 'button', marks: ['run-settings-button', 'tune'], ...toolbar });
    expect(labels('openRunSettings', [...others, icon])[0]).toBe('button');
  });

  it('leaves out other kinds, and what is known as something else', () => {
    const all = labels('openRunSettings', others);
    expect(all).not.toContain('switch “Run settings”');
    expect(all).not.toContain('button “New chat”');
  });

  it('takes the only one of its kind in its place', () => {
    const box = feature({ role: 'textarea', tag: 'textarea', label: 'Ask', y: 0.9 });
    const far = feature({ role: 'textarea', tag: 'textarea', label: 'Notes', y: 0.2 });
    expect(labels('promptInput', [far, box])[0]).toBe('textarea “Ask”');
  });

  it('goes by the heading beside a control without a name', () => {
    const settings = { x: 0.85, distances: { runSettings: 3 } };
    const number = { tag: 'input', role: 'input:number' };
    const all = [
      feature({ ...number, near: 'Top P', ...settings }),
      feature({ ...number, near: 'Output length limit', ...settings }),
    ];
    const [best] = rankCandidates('maxOutputTokens', all);
    expect(best?.ways).toEqual(all[1]?.ways);
  });

  it('never takes a control that is labelled as another', () => {
    const settings = { x: 0.85, y: 0.5, distances: { runSettings: 3 } };
    const functions = feature({ role: 'checkbox', label: 'Function calling', ...settings });
    const search = feature({
      role: 'checkbox',
      label: 'Grounding with Google Search',
      ...settings,
    });
    expect(labels('googleSearch', [functions])).toEqual([]);
    expect(labels('googleSearch', [functions, search])).toEqual([
      'checkbox “Grounding with Google Search”',
    ]);
    expect(labels('functionCalling', [functions, search])).toEqual(['checkbox “Function calling”']);
  });

  it('offers nothing that no selector finds alone', () => {
    expect(rankCandidates('openRunSettings', [{ ...renamed, ways: [] }])).toEqual([]);
  });
});

describe('likeliest', () => {
  const candidate = (score: number) => ({
    ways: ['a'],
    score,
    what: '',
    reasons: [],
    isAkin: true,
  });

  it('is none where little speaks for the best, or as much for the next', () => {
    expect(likeliest([])).toBeUndefined();
    expect(likeliest([candidate(2)])).toBeUndefined();
    expect(likeliest([candidate(6), candidate(5.9)])).toBeUndefined();
    expect(likeliest([{ ...candidate(6), isAkin: false }])).toBeUndefined();
    expect(likeliest([candidate(6), candidate(4)])?.score).toBe(6);
  });
});
