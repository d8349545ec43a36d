import { describe, expect, it } from '@jest/globals';

import { type PageReport, reasonsAgainst } from './examine.ts';
import { builtInKnowledge, extendKnowledge } from './page-knowledge.ts';
import { toRepairPack } from './repair-pack.ts';
import { toTable } from './report-table.ts';
import { type Finding, toFindings } from './survey.ts';

const found = (name: Finding['name']): Finding => ({
  name,
  status: 'found',
  alternate: 1,
  alternates: 2,
  selector: `.${name}`,
  matches: 1,
});
const well: Pick<PageReport, 'steps' | 'elements' | 'run' | 'model'> = {
  steps: [{ step: 'load the page' }, { step: 'start a new chat' }],
  elements: [found('promptInput'), found('runButton')],
  run: { mouse: { type: 'reachable' }, isEnabled: true, hasKeyboard: true, takesText: true },
  model: 'a-model',
};
const candidate = (way: string, score: number) => ({
  ways: [way],
  score,
  what: 'button “Open”',
  reasons: ['role'],
  isAkin: true,
});

describe('reasonsAgainst', () => {
  it('is nothing on a page on which a prompt can be sent, by mouse or by keyboard alone', () => {
    expect(reasonsAgainst(well)).toEqual([]);
    const covered = { type: 'covered', by: '<div>' } as const;
    expect(
      reasonsAgainst({ ...well, run: { ...well.run, mouse: covered } as PageReport['run'] }),
    ).toEqual([]);
  });

  it('names each thing that is in the way', () => {
    const reasons = reasonsAgainst({
      steps: [{ step: 'load the page', failure: 'sign in' }],
      elements: [found('runButton')],
      run: {
        mouse: { type: 'covered', by: '<div>' },
        isEnabled: false,
        hasKeyboard: false,
        takesText: false,
      },
      model: undefined,
    });
    expect(reasons).toEqual([
      'load the page: sign in',
      'the prompt box (promptInput) was not found',
      'the page does not show which model it asks',
      'Run stays disabled with a text in the prompt box',
      'Run can be pressed neither by mouse nor by keyboard',
    ]);
  });
});

describe('toFindings', () => {
  it('tells found from ambiguous, missing and absent, and names the pack of a selector', () => {
    const known = extendKnowledge(builtInKnowledge.current, 'mine', { runButton: ['.go'] });
    const findings = toFindings(known, {
      runButton: { alternate: 0, matches: 1 },
      newChat: { alternate: 0, matches: 2 },
      turn: { alternate: 0, matches: 2 },
    });
    const by = (name: string): Finding | undefined => findings.find((one) => one.name === name);
    expect(by('runButton')).toMatchObject({ status: 'found', alternate: 1, pack: 'mine' });
    expect(by('newChat')).toMatchObject({ status: 'ambiguous', matches: 2 });
    expect(by('turn')).toMatchObject({ status: 'found' }); // there may be many
    expect(by('promptInput')).toMatchObject({ status: 'missing' });
    expect(by('thinking')).toMatchObject({ status: 'absent' });
  });
});

describe('toRepairPack', () => {
  const missing = { name: 'openRunSettings', status: 'missing', alternates: 3 } as const;

  it('takes the likeliest candidates, and only these', () => {
    const pack = toRepairPack(
      [
        { ...missing, candidates: [candidate('.a', 6), candidate('.b', 3)] },
        { ...missing, name: 'newChat', candidates: [candidate('.c', 3)] },
      ],
      '2026-09-27T08:00:00.000Z',
    );
    expect(pack).toEqual({
      version: 1,
      name: 'repair-2026-09-27',
      selectors: { openRunSettings: ['.a'] },
    });
  });

  it('is none where no candidate is good enough', () => {
    expect(toRepairPack([missing], '2026-09-27T08:00:00.000Z')).toBeUndefined();
  });
});

describe('toTable', () => {
  it('has a line for everything, whatever failed', () => {
    const table = toTable({
      at: '2026-09-27T08:00:00.000Z',
      canAnswer: false,
      reasons: ['load the page: sign in'],
      steps: [{ step: 'load the page', failure: 'sign in' }],
      elements: [
        found('runButton'),
        {
          name: 'openRunSettings',
          status: 'missing',
          alternates: 3,
          candidates: [candidate('.a', 6)],
        },
      ],
      run: undefined,
      model: undefined,
      wire: { calls: {} },
      pagePacks: { packs: [], digest: 'none' },
    });
    expect(table).toContain('✗ load the page        sign in');
    expect(table).toContain('✓ runButton            1 of 2  .runButton');
    expect(table).toContain('✗ openRunSettings      none of 3 finds it');
    expect(table).toContain('may be: button “Open”  .a  (6 points: role)');
    expect(table).toContain('✗ Run                  could not be looked at');
    expect(table).toContain('✗ calls                none was seen');
    expect(table).toMatch(/A prompt could not be answered as asked: load the page: sign in\.\n$/);
  });
});
