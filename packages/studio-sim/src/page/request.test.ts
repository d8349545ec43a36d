import { describe, expect, it } from '@jest/globals';

import { MODELS } from '../rpc/models.ts';
import { encodeModel } from '../wire/encode-model.ts';
import { decodeRequest } from '../wire/request-array.ts';
import { readModels } from './model-record.ts';
import { countTokensRequest, generateContentRequest, generationConfig } from './request.ts';
import { defaultSettings, type Settings } from './settings.ts';

const models = readModels([MODELS.map(encodeModel)]);
const settingsFor = (id: string, change: Partial<Settings> = {}): Settings => ({
  ...defaultSettings(models.find((model) => model.id === id)),
  tools: new Set(),
  ...change,
});
const hi = [[[[null, 'Say hi in Polish']], 'user']] as const;

describe('the GenerateContent request', () => {
  it('is the worked example with level, stop sequence and system instruction (wire-format.md §4.6)', async () => {
    const settings = settingsFor('gemini-3-flash-preview', {
      stopSequences: ['END'],
      systemInstruction: 'Answer briefly.',
    });
    const request = await generateContentRequest(hi, settings);
    expect(request[4]).toMatch(/^!./);
    request[4] = '!OPAQUE-ATTESTATION!';
    expect(JSON.stringify(request)).toBe(
      '["models/gemini-3-flash-preview",[[[[null,"Say hi in Polish"]],"user"]],[[null,null,7,5],[null,null,8,5],[null,null,9,5],[null,null,10,5]],[null,["END"],null,65536,1,0.95,64,null,null,null,null,null,null,1,null,null,[1,null,null,3]],"!OPAQUE-ATTESTATION!",[[[null,"Answer briefly."]],"user"],null,null,null,null,1]',
    );
  });

  it('declares functions as in the worked example', async () => {
    const settings = settingsFor('gemini-3-pro-preview', {
      tools: new Set(['functionCalling']),
      declarations: [
        {
          name: 'get_weather',
          description: 'Current weather for a city',
          parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } } },
        },
        { name: 'ping' },
      ],
    });
    const request = await generateContentRequest(hi, settings);
    expect(request).toHaveLength(11);
    expect(request[6]).toEqual([
      [
        null,
        [
          [
            'get_weather',
            'Current weather for a city',
            [6, null, null, null, null, null, [['city', [1]]]],
          ],
          ['ping'],
        ],
      ],
    ]);
  });

  it('says so when built-in tools and functions go together', async () => {
    const settings = settingsFor('gemini-3.1-pro-preview', {
      tools: new Set(['functionCalling', 'googleSearch', 'urlContext', 'codeExecution']),
      declarations: [{ name: 'ping' }],
    });
    const request = await generateContentRequest(hi, settings);
    expect(request).toHaveLength(14);
    expect(decodeRequest(request)).toMatchObject({
      toolsWithFunctions: true,
      timeZone: expect.any(String),
      tools: {
        functions: [{ name: 'ping' }],
        googleSearch: true,
        codeExecution: true,
        urlContext: true,
        googleMaps: false,
      },
    });
  });
});

it('grounds a new chat by default, and says in which time zone', async () => {
  const model = models.find(({ id }) => id === 'gemini-2.5-flash');
  const request = await generateContentRequest(hi, defaultSettings(model));
  expect(request[6]).toEqual([[null, null, null, [null, [[]]]]]);
  expect(request[13]).toEqual([[null, null, expect.any(String)]]);
});

describe('the generation config', () => {
  it('is the worked example with schema and manual budget (wire-format.md §4.6)', () => {
    const settings = settingsFor('gemini-2.5-flash', {
      maxOutputTokens: 8192,
      temperature: 0.2,
      tools: new Set(['structuredOutput']),
      responseSchema: {
        type: 'OBJECT',
        properties: { answer: { type: 'STRING' }, score: { type: 'NUMBER' } },
        required: ['answer'],
      },
      isBudgetManual: true,
      budget: 8192,
    });
    expect(JSON.stringify(generationConfig(settings))).toBe(
      '[null,null,null,8192,0.2,0.95,64,"application/json",[6,null,null,null,null,null,[["answer",[1]],["score",[2]]],["answer"]],null,null,null,null,1,null,null,[1,8192]]',
    );
  });

  it('has a budget of 0 where thinking is off, and nothing where there is no thinking', () => {
    const off = generationConfig(settingsFor('gemini-2.5-flash', { isThinkingOn: false }));
    expect(off[16]).toEqual([1, 0]);
    expect(generationConfig(settingsFor('gemini-2.0-flash'))).toHaveLength(14);
  });

  it('leaves temperature and top-p out for a model that sets them itself', () => {
    const config = generationConfig(settingsFor('gemini-3.8-flash'));
    expect(config.slice(3, 7)).toEqual([65_536, null, null, null]);
  });
});

describe('the CountTokens request', () => {
  it('is short for contents alone and full with a system instruction (wire-format.md §7)', () => {
    expect(countTokensRequest(hi, settingsFor('gemini-2.5-flash'))).toEqual([
      'models/gemini-2.5-flash',
      hi,
    ]);
    const settings = settingsFor('gemini-2.5-flash', { systemInstruction: 'Answer briefly.' });
    expect(JSON.stringify(countTokensRequest(hi, settings))).toBe(
      '["models/gemini-2.5-flash",null,["models/gemini-2.5-flash",[[[[null,"Say hi in Polish"]],"user"]],null,null,null,[[[null,"Answer briefly."]],"user"]]]',
    );
  });
});
