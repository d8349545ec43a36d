import { type ModelInfo } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { fakeModel } from '../testing.ts';
import { findModel } from './find-model.ts';
import { withAliases } from './model-aliases.ts';
import { toModelObject } from './model-object.ts';

const live = [
  fakeModel({ id: 'gemini-2.5-pro', aliases: ['gemini-2.5-pro-preview-06-05'] }),
  fakeModel({ id: 'gemini-2.5-flash', aliases: [] }),
  fakeModel({ id: 'gemini-flash-latest', aliases: [] }),
];
const found = (name: string, configured: Record<string, string> = {}): ModelInfo =>
  findModel(withAliases({ at: 0, models: live }, configured).models, name);

describe('W-08: a model', () => {
  it.each([
    ['gemini-2.5-pro', 'gemini-2.5-pro'],
    ['models/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['gemini-2.5-pro-preview-06-05', 'gemini-2.5-pro'],
    ['gemini-2.5-pro-preview', 'gemini-2.5-pro'],
    ['models/gemini-1.5-flash-latest', 'gemini-2.5-flash'],
    ['gemini-flash-latest', 'gemini-flash-latest'],
  ])('W-08: is found as %s: %s', (name, id) => {
    expect(found(name).id).toBe(id);
  });

  it('W-08: goes by configured names, which win over its old ones but not over ids', () => {
    const configured = {
      'gpt-4o': 'gemini-2.5-pro',
      'models/fast': 'models/gemini-2.5-flash',
      'gemini-2.5-pro-preview-06-05': 'gemini-2.5-flash',
      'gemini-2.5-pro': 'gemini-2.5-flash',
    };
    expect(found('gpt-4o', configured).id).toBe('gemini-2.5-pro');
    expect(found('fast', configured).id).toBe('gemini-2.5-flash');
    expect(found('gemini-2.5-pro-preview-06-05', configured).id).toBe('gemini-2.5-flash');
    expect(found('gemini-2.5-pro', configured).id).toBe('gemini-2.5-pro');
  });

  it('W-08: that is not listed cannot be had under another name either', () => {
    expect(() => found('gemini-3-pro')).toThrow("'gemini-3-pro' does not exist");
    expect(() => found('mine', { mine: 'gone' })).toThrow('gemini');
  });
});

describe('M-01: a listed model', () => {
  it('M-01: says what it takes and gives beside what OpenAI says', () => {
    const object = toModelObject(fakeModel({ capabilities: [1, 21] }), 1000);
    expect(object).toMatchObject({
      context_window: 1_048_576,
      max_output_tokens: 65_536,
      modalities: {
        input: ['text', 'image', 'audio', 'video', 'file'],
        output: ['text', 'image'],
      },
      thinking: { type: 'budget', min: 0, max: 24_576, canBeOff: true },
    });
    expect(toModelObject(fakeModel({ capabilities: [37] }), 0).modalities).toEqual({
      input: ['text'],
      output: ['audio'],
    });
  });
});
