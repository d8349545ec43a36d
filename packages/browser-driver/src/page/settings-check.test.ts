import { describe, expect, it } from '@jest/globals';

import { movesFor } from './settings-check.ts';

describe('movesFor', () => {
  it('moves what the panel shows, within its limits, and knows the way back', () => {
    const moves = movesFor({
      numbers: { maxOutputTokens: { value: 65_536, max: 65_536 }, topP: { value: 0.95 } },
      toggles: {
        googleSearch: { isOn: true, isDisabled: false },
        codeExecution: { isOn: false, isDisabled: true },
      },
      thinkingLevel: 'low',
      stop: ['a'],
      hasSystem: false,
    });
    expect(moves.map(({ there, back }) => [there, back])).toEqual([
      [
        { type: 'toggle', name: 'googleSearch', isOn: false },
        { type: 'toggle', name: 'googleSearch', isOn: true },
      ],
      [
        { type: 'number', name: 'topP', value: 1 },
        { type: 'number', name: 'topP', value: 0.95 },
      ],
      [
        { type: 'number', name: 'maxOutputTokens', value: 65_535 },
        { type: 'number', name: 'maxOutputTokens', value: 65_536 },
      ],
      [
        { type: 'level', level: 'high' },
        { type: 'level', level: 'low' },
      ],
      [
        { type: 'stop', sequences: ['a', 'END'] },
        { type: 'stop', sequences: ['a'] },
      ],
      [
        { type: 'system', text: 'Answer briefly.' },
        { type: 'system', text: '' },
      ],
    ]);
  });

  it('leaves alone what it could not put back', () => {
    expect(movesFor({ numbers: {}, toggles: {}, hasSystem: true })).toEqual([]);
  });
});
