import { type ModelInfo, PLAIN_SETTINGS, type Plan, type Settings } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { toDesiredSettings } from './desired-settings.ts';
import { type PanelState } from './panel-state.ts';
import { diffPanel } from './settings.ts';

const off = { isOn: false, isDisabled: false };
const fresh: PanelState = {
  modelId: 'gemini-x',
  modelTitle: 'Gemini X',
  numbers: { temperature: { value: 1 }, topP: { value: 0.95 }, maxOutputTokens: { value: 65_536 } },
  toggles: {
    googleSearch: { isOn: true, isDisabled: false },
    urlContext: off,
    codeExecution: off,
    functionCalling: off,
    structuredOutput: off,
  },
  thinkingLevel: 'high',
  stop: [],
  hasSystem: false,
};
const model: ModelInfo = {
  id: 'gemini-x',
  displayName: 'Gemini X',
  outputTokenLimit: 65_536,
  temperature: 1,
  topP: 0.95,
  aliases: [],
  methods: [],
  capabilities: [9, 10, 12, 13],
  thinking: { type: 'level', levels: ['low', 'high'], defaultLevel: 'high' },
  paidOnly: false,
};
const plan = (settings: Partial<Settings> = {}): Plan => ({
  model: 'gemini-x',
  turns: [],
  settings: { ...PLAIN_SETTINGS, ...settings },
});
const diff = (
  settings: Partial<Settings>,
  state: PanelState = fresh,
  info: ModelInfo | undefined = model,
  system = '',
): ReturnType<typeof diffPanel> =>
  diffPanel(state, toDesiredSettings(plan(settings), system, info, state));

describe('diffPanel', () => {
  it('only turns grounding off on a fresh chat when nothing is asked', () => {
    expect(diff({})).toEqual({
      changes: [{ type: 'toggle', name: 'googleSearch', isOn: false }],
      missing: [],
    });
  });

  it('changes nothing where the panel already shows what is wanted', () => {
    expect(diff({ googleSearch: true, temperature: 1 }).changes).toEqual([]);
  });

  it('bundle C21: picks the model first and alone: it resets the rest', () => {
    const other = { ...fresh, modelId: 'gemini-y', modelTitle: 'Gemini Y' };
    expect(diff({ temperature: 0.2 }, other).changes).toEqual([
      { type: 'model', id: 'gemini-x', title: 'Gemini X' },
    ]);
  });

  it('knows the model by its title where the page shows no id', () => {
    const { modelId: _, ...titled } = fresh;
    expect(diff({ googleSearch: true }, titled).changes).toEqual([]);
  });

  it('turns excluding tools off before it edits functions', () => {
    // The page takes each sequence once.
    const changes = diff({ functions: [{ name: 'f' }], stop: ['END', 'a\nb', 'END'] }).changes;
    expect(changes).toEqual([
      { type: 'toggle', name: 'googleSearch', isOn: false },
      { type: 'functions', json: '[{"name":"f"}]' },
      { type: 'stop', sequences: ['END'] },
    ]);
  });

  it('names what the page has no control for', () => {
    const { stop: _, ...without } = { ...fresh, numbers: {} };
    expect(diff({ googleSearch: true, stop: ['x'] }, without).missing).toEqual([
      'temperature',
      'topP',
      'maxOutputTokens',
      'stop',
    ]);
  });

  it('clears system instructions that an earlier chat left behind', () => {
    const stale = { ...fresh, hasSystem: true };
    expect(diff({ googleSearch: true }, stale).changes).toEqual([{ type: 'system', text: '' }]);
  });
});

describe('toWanted', () => {
  const wanted = (thinking: Settings['thinking'], capability: ModelInfo['thinking']) => {
    const info = { ...model, thinking: capability };
    const { thinkingLevel, numbers, toggles, ignored } = toDesiredSettings(
      plan({ thinking }),
      '',
      info,
      fresh,
    );
    const { thinking: isOn, manualBudget } = toggles;
    return {
      level: thinkingLevel,
      budget: numbers.thinkingBudget,
      isOn,
      manualBudget,
      reasons: ignored.map(({ reason }) => reason),
    };
  };
  const levels: ModelInfo['thinking'] = { type: 'level', levels: ['low', 'high'] };
  const budget: ModelInfo['thinking'] = { type: 'budget', min: 512, max: 24_576, canBeOff: true };

  it('says a budget as the nearest level and a level as a budget', () => {
    expect(wanted({ type: 'budget', tokens: 900 }, levels).level).toBe('low');
    expect(wanted({ type: 'budget', tokens: 20_000 }, levels).level).toBe('high');
    expect(wanted({ type: 'level', level: 'medium' }, budget)).toMatchObject({
      budget: 8192,
      isOn: true,
      manualBudget: true,
    });
  });

  it('keeps a budget within the model’s bounds and says so', () => {
    expect(wanted({ type: 'budget', tokens: 100 }, budget)).toMatchObject({
      budget: 512,
      reasons: ['the model allows 512 tokens'],
    });
  });

  it('switches thinking off where it can be, else thinks least and says so', () => {
    expect(wanted({ type: 'off' }, budget)).toMatchObject({ isOn: false, reasons: [] });
    expect(wanted({ type: 'off' }, levels)).toMatchObject({
      level: 'low',
      reasons: ['thinking cannot be switched off: low'],
    });
    expect(wanted({ type: 'level', level: 'high' }, { type: 'none' }).reasons).toEqual([
      'the model does not think',
    ]);
  });

  it('leaves a manual budget of an earlier chat behind', () => {
    expect(wanted(undefined, budget)).toMatchObject({ isOn: true, manualBudget: false });
  });

  it('refuses tools that the model does not have', () => {
    const info = { ...model, capabilities: [1] };
    expect(() => toDesiredSettings(plan({ functions: [{ name: 'f' }] }), '', info, fresh)).toThrow(
      'does not offer functions',
    );
  });
});
