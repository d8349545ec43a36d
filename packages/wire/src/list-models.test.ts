import { describe, expect, it } from '@jest/globals';

import { parseModels } from './list-models.ts';

/** A record with these positions set. */
function record(fields: Readonly<Record<number, unknown>>): unknown[] {
  const positions = Array<unknown>(78).fill(null);
  for (const [position, value] of Object.entries(fields)) positions[Number(position)] = value;
  return positions;
}
const parse = (root: unknown): ReturnType<typeof parseModels> =>
  parseModels(Buffer.from(JSON.stringify(root)));

// worked records of wire-format.md §9
const flash3 = record({
  0: 'models/gemini-3-flash-preview',
  3: 'Gemini 3 Flash Preview',
  5: 1_048_576,
  6: 65_536,
  7: ['generateContent', 'countTokens'],
  8: 1,
  9: 0.95,
  10: 64,
  64: [5, 13, 1, 25, 52],
  71: [null, null, null, 0, null, 3, [4, 1, 2, 3]],
});
const flash25 = record({
  0: 'models/gemini-2.5-flash',
  56: [['models/gemini-2.5-flash-preview', 1]],
  71: [8000, 24_576, 0, 1],
  77: 2,
});

describe('parseModels', () => {
  it('reads records with levels, with a budget and without thinking', () => {
    expect(parse([[flash3, flash25, record({ 0: 'models/gemini-2.0-flash' })]])).toEqual([
      {
        id: 'gemini-3-flash-preview',
        displayName: 'Gemini 3 Flash Preview',
        inputTokenLimit: 1_048_576,
        outputTokenLimit: 65_536,
        temperature: 1,
        topP: 0.95,
        topK: 64,
        aliases: [],
        methods: ['generateContent', 'countTokens'],
        capabilities: [5, 13, 1, 25, 52],
        thinking: {
          type: 'level',
          levels: ['minimal', 'low', 'medium', 'high'],
          defaultLevel: 'high',
        },
        paidOnly: false,
      },
      {
        id: 'gemini-2.5-flash',
        displayName: 'gemini-2.5-flash',
        aliases: ['gemini-2.5-flash-preview'],
        methods: [],
        capabilities: [],
        thinking: { type: 'budget', min: 0, max: 24_576, canBeOff: true },
        paidOnly: true,
      },
      {
        id: 'gemini-2.0-flash',
        displayName: 'gemini-2.0-flash',
        aliases: [],
        methods: [],
        capabilities: [],
        thinking: { type: 'none' },
        paidOnly: false,
      },
    ]);
  });

  it('survives what a list may look like', () => {
    expect(parse([flash25])).toHaveLength(1);
    expect(parse([[]])).toEqual([]);
    expect(parse([[null, 'x', [], ['tunedModels/x'], flash25]])).toHaveLength(1);
    expect(parse([[[...flash3, 'new', 'fields']]])).toHaveLength(1);
    expect(parseModels(Buffer.from(`)]}'\n${JSON.stringify([[flash3]])}`))).toHaveLength(1);
    expect(parseModels(Buffer.from('<html>'))).toBeUndefined();
  });
});
