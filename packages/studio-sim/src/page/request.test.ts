import { describe, expect, it } from '@jest/globals';

import { MODELS } from '../rpc/models.ts';
import { encodeModel } from '../wire/encode-model.ts';
import { decodeRequest } from '../wire/request-array.ts';
import { readModels } from './model-record.ts';
import { countTokensRequest, generateContentRequest, generationConfig } from './request.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { type ToolName } from './tools.ts';

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
      '["models/gemini-3-flash-preview",[[[[null,"Say hi in Polish"]],"user"]],[[null,null,7,5],[null,null,8,5],[null,null,9,5],[null,null,10,5]],[null,["END"],null,65536,1,0.95,64,null,null,null,null,null,null,1,null,null,[1,null,null,3]],"!OPAQUE-ATTESTATION!",[[[null,"Answer briefly."]],"user"]]',
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
    expect(request).toHaveLength(7);
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
    expect(off[16]).toEqual([0, 0]);
    expect(generationConfig(settingsFor('gemini-2.0-flash'))).toHaveLength(14);
  });

  it('leaves temperature and top-p out for a model that sets them itself', () => {
    const config = generationConfig(settingsFor('gemini-3.8-flash'));
    expect(config.slice(3, 7)).toEqual([65_536, null, null, null]);
  });
});

describe('the CountTokens request', () => {
  it('bundle C17: asks about one chunk of text, without tools or system instruction', () => {
    const settings = settingsFor('gemini-2.5-flash', { systemInstruction: 'Answer briefly.' });
    expect(countTokensRequest(hi[0], settings)).toEqual(['models/gemini-2.5-flash', hi]);
  });

  it('bundle C17: has another form for files', () => {
    const file = [[[null, null, null, null, null, ['drive-id']]], 'user'] as const;
    const settings = settingsFor('gemini-2.5-flash');
    expect(countTokensRequest(file, settings)).toEqual([
      'models/gemini-2.5-flash',
      null,
      ['models/gemini-2.5-flash', [file]],
    ]);
  });
});

it('bundle C6: the tool config goes with search, or with functions beside another tool', async () => {
  const configOf = async (...tools: ToolName[]): Promise<unknown> => {
    const settings = settingsFor('gemini-3.1-pro-preview', {
      tools: new Set(tools),
      declarations: [{ name: 'ping' }],
    });
    return (await generateContentRequest(hi, settings))[13];
  };
  const zone = [null, null, expect.any(String)];
  expect(await configOf('googleSearch')).toEqual([zone]);
  expect(await configOf('functionCalling')).toBeUndefined();
  expect(await configOf('urlContext')).toBeUndefined();
  expect(await configOf('functionCalling', 'urlContext')).toEqual([null, null, true]);
  expect(await configOf('googleMaps', 'googleSearch')).toEqual([zone, null, true]);
});

it('bundle C8: an automatic budget is −1', () => {
  expect(generationConfig(settingsFor('gemini-2.5-flash'))[16]).toEqual([1, -1]);
});

it('bundle C9: code execution comes before functions, then search, URL context and Maps', async () => {
  const settings = settingsFor('gemini-3.1-pro-preview', {
    tools: new Set<ToolName>([
      'googleMaps',
      'urlContext',
      'googleSearch',
      'functionCalling',
      'codeExecution',
    ]),
    declarations: [{ name: 'ping' }],
  });
  const request = await generateContentRequest(hi, settings);
  const positions = (request[6] as unknown[][]).map((tool) => tool.length - 1);
  expect(positions).toEqual([0, 1, 3, 7, 10]);
});

it('continues the chat by the id of its last answer', async () => {
  const context = { previousId: 'response-id' };
  const request = await generateContentRequest(hi, settingsFor('gemini-2.5-flash'), context);
  expect(request[11]).toBe('response-id');
});
