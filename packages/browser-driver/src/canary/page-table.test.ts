import { describe, expect, it } from '@jest/globals';

import { changesOf, type PageTable, toPageTable } from './page-table.ts';

const table = (given: Partial<PageTable>): PageTable => ({
  at: '2026-09-27T00:00:00Z',
  model: 'gemini-3-flash-preview',
  packs: 'none',
  found: { runButton: 'a', thinkingLevel: 'b' },
  missing: [],
  ...given,
});

describe('changesOf', () => {
  it('is nothing on the same page', () => {
    expect(changesOf(table({}), table({ at: '2026-09-28T00:00:00Z' }))).toEqual([]);
  });

  it('names what is lost, what another selector finds, and what is not there', () => {
    const lost = table({ found: { thinkingLevel: 'b' }, missing: ['runButton'] });
    expect(changesOf(table({}), lost)).toEqual(['runButton is not found any more (it was by a)']);
    const other = table({ found: { runButton: 'c' } });
    expect(changesOf(table({}), other)).toEqual([
      'runButton is found by c (it was by a)',
      'thinkingLevel is not on the page any more',
    ]);
  });

  it('does not take the settings of another model for a change, nor another page pack', () => {
    expect(changesOf(table({}), table({ model: 'b', found: { runButton: 'a' } }))).toEqual([]);
    expect(changesOf(table({}), table({ packs: 'x', found: { runButton: 'c' } }))).toEqual([]);
    const lost = table({ packs: 'x', model: 'b', found: {}, missing: ['runButton'] });
    expect(changesOf(table({}), lost)).toHaveLength(1);
  });
});

describe('toPageTable', () => {
  it('keeps by what each element was found, and what is missing', () => {
    const about = { at: '2026-09-27T00:00:00Z', packs: 'none' };
    expect(
      toPageTable(
        [
          { name: 'runButton', status: 'ambiguous', alternates: 2, alternate: 1, selector: 'a' },
          { name: 'newChat', status: 'missing', alternates: 2 },
          { name: 'turn', status: 'absent', alternates: 2 },
        ],
        about,
      ),
    ).toEqual({ ...about, found: { runButton: 'a' }, missing: ['newChat'] });
  });
});
