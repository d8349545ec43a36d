import { describe, expect, it } from '@jest/globals';

import { MODELS } from '../rpc/models.ts';
import { encodeModel } from '../wire/encode-model.ts';
import { type Model, readModels } from './model-record.ts';
import { defaultSettings, withModel } from './settings.ts';
import { isBlocked, isOffered, TOOLS, type ToolName } from './tools.ts';

const models = readModels([MODELS.map(encodeModel)]);
const model = (id: string): Model => models.find((each) => each.id === id)!;
const offered = (id: string): ToolName[] =>
  TOOLS.filter((tool) => isOffered(tool, model(id))).map(({ name }) => name);
const blocked = (id: string, ...active: ToolName[]): ToolName[] =>
  TOOLS.filter((tool) => isBlocked(tool, new Set(active), model(id))).map(({ name }) => name);

describe('settings', () => {
  it('start with the model’s own', () => {
    expect(defaultSettings(model('gemini-2.5-pro'))).toMatchObject({
      temperature: 1,
      topP: 0.95,
      maxOutputTokens: 65_536,
      budget: 8192,
      tools: new Set(['googleSearch']),
    });
  });

  it('bundle C21: another model resets sampling, length and safety and switches tools off', () => {
    const before = {
      ...defaultSettings(model('gemini-2.5-flash')),
      temperature: 0.1,
      maxOutputTokens: 5,
      safety: [1, 1, 1, 1],
      systemInstruction: 'Be brief.',
      stopSequences: ['END'],
      declarations: [{ name: 'ping' }],
      tools: new Set<ToolName>([
        'structuredOutput',
        'urlContext',
        'codeExecution',
        'functionCalling',
      ]),
    };
    expect(withModel(before, model('gemini-2.0-flash'))).toMatchObject({
      temperature: 1,
      maxOutputTokens: 8192,
      safety: [5, 5, 5, 5],
      systemInstruction: 'Be brief.',
      stopSequences: ['END'],
      declarations: [{ name: 'ping' }],
      tools: new Set(['googleSearch', 'structuredOutput']),
    });
  });
});

describe('tools', () => {
  it('are those of the model', () => {
    expect(offered('gemini-2.0-flash')).toEqual([
      'structuredOutput',
      'codeExecution',
      'functionCalling',
      'googleSearch',
    ]);
    expect(offered('gemini-3.1-pro-preview')).toContain('googleMaps');
    expect(offered('gemini-3-pro-image-preview')).toEqual(['googleSearch']);
  });

  it('exclude each other where the model says so', () => {
    expect(blocked('gemini-2.5-flash', 'googleSearch')).toEqual([
      'structuredOutput',
      'functionCalling',
    ]);
    expect(blocked('gemini-2.5-flash', 'functionCalling')).toContain('googleSearch');
    expect(blocked('gemini-3.1-pro-preview', 'googleSearch')).toEqual([]);
  });
});
