import { type ModelInfo } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { fakeModel } from '../testing/test-server.ts';
import { findModel, usableModels } from './find-model.ts';
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

describe('a model that cannot be used to chat', () => {
  const embedding = fakeModel({ id: 'embedding-1', methods: ['embedContent'], capabilities: [] });
  const speech = fakeModel({ id: 'gemini-tts', aliases: ['tts'], capabilities: [37] });
  const agent = fakeModel({
    id: 'research',
    methods: ['createInteraction'],
    transport: { type: 'agent', isInBackground: true },
  });
  const all = [...live, embedding, speech, agent];

  it('bundle §2.4: is not listed, one that is asked over interactions is', () => {
    expect(usableModels(all).map(({ id }) => id)).toEqual([
      ...live.map(({ id }) => id),
      'research',
    ]);
  });

  it.each([
    ['gemini-tts', 'speech page'],
    ['tts', 'speech page'],
    ['models/embedding-1', 'does not answer chats'],
  ])('bundle §2.4: is refused at once as %s, with the reason', (name, reason) => {
    expect(() => findModel(all, name)).toThrow(
      expect.objectContaining({
        code: 'invalid_value',
        param: 'model',
        message: expect.stringContaining(reason),
      }),
    );
  });

  it('is not proposed for a name that does not exist', () => {
    expect(() => findModel(all, 'gemini-ttx')).toThrow(/^(?!.*gemini-tts)/);
  });

  it('bundle §2.4: is marked where it is for paying accounts, and where it is the default', () => {
    expect(toModelObject(fakeModel({ paidOnly: true, isDefault: true }), 0)).toMatchObject({
      paid_only: true,
      is_default: true,
    });
  });
});
