import { whyUnusable } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { parseModels } from './list-models.ts';

/** A record with these positions set. */
function record(fields: Readonly<Record<number, unknown>>): unknown[] {
  const positions = Array<unknown>(82).fill(null);
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

  it('bundle §2.4: reads the default, what is on by default, and how the page asks', () => {
    const models = parse([
      [
        record({ 0: 'models/a', 61: 1, 81: [12, 13] }),
        record({ 0: 'models/b', 78: [null, null, null, 2] }),
        record({ 0: 'models/c', 78: [null, null, true, 1, null, 'models/base'] }),
        record({ 0: 'models/d', 78: [] }),
        record({ 0: 'models/e', 71: [0, 24_576, 0, 1, 1] }),
      ],
    ]);
    expect(models).toMatchObject([
      { id: 'a', isDefault: true, onByDefault: [12, 13] },
      { id: 'b', transport: { type: 'interaction', isInBackground: false } },
      { id: 'c', transport: { type: 'agent', isInBackground: true } },
      { id: 'd' },
      { id: 'e', thinking: { type: 'budget', canBeOff: true, isOffByDefault: true } },
    ]);
    for (const field of ['transport', 'isDefault', 'onByDefault']) {
      expect(models?.[3]).not.toHaveProperty(field);
    }
  });

  it('bundle §4: thinking level 5 in a record is no level that we can set', () => {
    const levels = record({ 0: 'models/a', 71: [null, null, null, 0, null, 5, [1, 2, 3, 5]] });
    expect(parse([[levels]])?.[0]?.thinking).toEqual({
      type: 'level',
      levels: ['low', 'medium', 'high'],
    });
  });

  it.each([
    [26, 'live'],
    [19, 'image'],
    [20, 'video'],
    [37, 'speech'],
    [53, 'music'],
  ])('bundle §2.4: a model with capability %i opens the %s page, not the chat', (code, page) => {
    const [model] = parse([[record({ 0: 'models/a', 64: [1, code] })]]) ?? [];
    expect(model && whyUnusable(model)).toContain(page);
  });

  it('tells which others cannot chat', () => {
    const why = (fields: Readonly<Record<number, unknown>>): unknown => {
      const [model] = parse([[record({ 0: 'models/a', ...fields })]]) ?? [];
      return model && whyUnusable(model);
    };
    expect(why({ 7: ['embedContent'] })).toMatch(/does not answer chats/);
    expect(why({ 7: ['generateContent'], 64: [1, 21] })).toBeUndefined();
    expect(why({})).toBeUndefined();
    expect(why({ 7: ['createInteraction'], 78: [null, null, null, 2] })).toBeUndefined();
  });
});
