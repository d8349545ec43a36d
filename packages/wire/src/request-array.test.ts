import { describe, expect, it } from '@jest/globals';

import { summarizeRequest } from './request-array.ts';
import { digestTexts } from './request-digest.ts';

// the composed requests of wire-format.md §4.6
const LEVEL =
  '["models/gemini-3-flash-preview",[[[[null,"Say hi in Polish"]],"user"]],[[null,null,7,5],[null,null,8,5],[null,null,9,5],[null,null,10,5]],[null,["END"],null,65536,1,0.95,64,null,null,null,null,null,null,1,null,null,[1,null,null,3]],"!OPAQUE-ATTESTATION!",[[[null,"Answer briefly."]],"user"],null,null,null,null,1]';
const FUNCTION =
  '["models/gemini-3-pro-preview",[[[[null,"Weather in Oslo?"]],"user"],[[[null,null,null,null,null,null,null,null,null,null,["get_weather",[[["city",[null,null,"Oslo"]]]],"call_c1"],null,null,null,"U0lHTkFUVVJFLVRXTw=="]],"model"],[[[null,null,null,null,null,null,null,null,null,null,null,["get_weather",[[["result",[null,null,null,null,[[["tempC",[null,4.5]],["sky",[null,null,"clear"]]]]]]]],"call_c1"]]],"user"]],[[null,null,7,5]],[null,null,null,65536,1,0.95,64,null,null,null,null,null,null,1,null,null,[1,null,null,3]],"!OPAQUE-ATTESTATION!",null,[[null,[["get_weather","Current weather for a city",[6]]]]],null,null,null,1]';
const CONFIG =
  '[null,null,null,8192,0.2,0.95,64,"application/json",[6,null,null,null,null,null,[["answer",[1]],["score",[2]]],["answer"]],null,null,null,null,1,null,null,[1,8192]]';

const summarize = (body: string): ReturnType<typeof summarizeRequest> =>
  summarizeRequest(Buffer.from(body));
const withTools = (tools: string): ReturnType<typeof summarizeRequest> =>
  summarize(`["models/m",[],null,null,"!",null,${tools},null,null,null,1]`);

describe('summarizeRequest', () => {
  it('reads settings, stop sequences, system instruction and level', () => {
    expect(summarize(LEVEL)).toEqual({
      model: 'gemini-3-flash-preview',
      temperature: 1,
      topP: 0.95,
      topK: 64,
      maxOutputTokens: 65_536,
      stop: ['END'],
      hasResponseSchema: false,
      thinking: { level: 'high' },
      googleSearch: false,
      urlContext: false,
      codeExecution: false,
      functionNames: [],
      contentCount: 1,
      partCount: 1,
      fileCount: 0,
      promptDigest: digestTexts(['Say hi in Polish']),
      systemDigest: digestTexts(['Answer briefly.']),
    });
  });

  it('reads declared functions and counts contents and parts', () => {
    expect(summarize(FUNCTION)).toMatchObject({
      functionNames: ['get_weather'],
      contentCount: 3,
      partCount: 3,
      promptDigest: digestTexts(['Weather in Oslo?']),
    });
    expect(summarize(FUNCTION)).not.toHaveProperty('systemDigest');
  });

  it('reads structured output and a thinking budget', () => {
    expect(summarize(`["models/m",[],null,${CONFIG},"!"]`)).toMatchObject({
      temperature: 0.2,
      responseMimeType: 'application/json',
      hasResponseSchema: true,
      thinking: { budget: 8192 },
    });
    expect(summarize('["models/m",[],null,[,,,,,,,,,,,,,1,,,[1]]]')).toMatchObject({
      thinking: {},
    });
    expect(summarize('["models/m",[],null,[]]')).not.toHaveProperty('thinking');
  });

  it('reads tools by position', () => {
    expect(withTools('[[[]]]')).toMatchObject({ codeExecution: true, googleSearch: false });
    expect(withTools('[[null,null,null,[null,[[]]]]]')).toMatchObject({ googleSearch: true });
    expect(withTools('[[null,null,null,[[["1"],["2"]],[[],[]]]]]')).toMatchObject({
      googleSearch: true,
    });
    expect(withTools('[[null,null,null,[null,[]]]]')).toMatchObject({ googleSearch: false });
    expect(withTools('[[,,,,,,,[]]]')).toMatchObject({ urlContext: true, codeExecution: false });
  });

  it('counts files and joins the texts around them', () => {
    const parts =
      '[[null,"a"],[,,["image/png","QQ=="]],[,,,,,["drive-id"]],[,,,,,,["video/mp4","u"]],[,"b"]]';
    expect(summarize(`["models/m",[[${parts},"user"]]]`)).toMatchObject({
      partCount: 5,
      fileCount: 3,
      promptDigest: digestTexts(['ab']),
    });
  });

  it('says nothing of a body that is no request', () => {
    for (const body of ['', '{}', '[]', '[[null]]', '["models/m",['])
      expect(summarize(body)).toBeUndefined();
  });
});

describe('bundle §4, what is not constant', () => {
  const base = summarize(LEVEL);

  it('bundle C6, C7: nothing depends on the length, on [10] or on config [13]', () => {
    const request = JSON.parse(LEVEL) as unknown[];
    for (const length of [6, 10, 11, 16]) {
      const array = Array.from({ length }, (_, at) => (at === 10 ? null : (request[at] ?? null)));
      const config = [...(array[3] as unknown[])];
      config[13] = null;
      array[3] = config;
      expect(summarize(JSON.stringify(array))).toEqual(base);
    }
  });

  it('bundle C8: budget −1 is automatic like none, and 0 comes with thoughts excluded', () => {
    const withThinking = (thinking: string): object | undefined =>
      summarize(`["models/m",[],null,[,,,,,,,,,,,,,1,,,${thinking}]]`);
    expect(withThinking('[1,-1]')).toEqual(withThinking('[1]'));
    expect(withThinking('[false,0]')).toMatchObject({ thinking: { budget: 0 } });
    expect(withThinking('[null,0]')).toMatchObject({ thinking: { budget: 0 } });
  });

  it('bundle §2.4: level 5 is there and has no name', () => {
    const level = (code: number): object | undefined =>
      summarize(`["models/m",[],null,[,,,,,,,,,,,,,1,,,[1,null,null,${code}]]]`);
    expect(level(5)).toMatchObject({ thinking: {}, unread: ['thinking'] });
    expect(level(4)).toMatchObject({ thinking: { level: 'minimal' } });
    expect(level(4)).not.toHaveProperty('unread');
  });

  it('bundle C3, C4: responses of functions stand in contents of their own and are no text', () => {
    const part = (position: number, value: unknown): unknown[] => [
      ...Array<null>(position).fill(null),
      value,
    ];
    const turn = (role: string, ...parts: unknown[]): unknown => [parts, role];
    const object = [[['tempC', [null, 4.5]]]];
    const text = [[['response', [null, null, 'sunny']]]];
    const contents = [
      turn('user', part(1, 'Weather?')),
      turn('model', part(10, ['f', [], 'a'])),
      turn('user', part(11, ['f', object, 'a'])),
      turn('model', part(10, ['f', [], 'b'])),
      turn('user', part(11, ['f', text, 'b'])),
    ];
    expect(summarize(JSON.stringify(['models/m', contents]))).toMatchObject({
      contentCount: 5,
      partCount: 5,
      fileCount: 0,
      promptDigest: digestTexts(['Weather?']),
    });
  });

  it('bundle C9: the order of tools does not matter', () => {
    const [code, functions, search] = ['[[]]', '[null,[["f"]]]', '[,,,[null,[[]]]]'];
    expect(withTools(`[${code},${functions},${search}]`)).toEqual(
      withTools(`[${functions},${search},${code}]`),
    );
  });
});

describe('bundle §2.3: the request of an interaction', () => {
  /** An interaction with these positions set, as the page asks for it. */
  function ask(
    fields: Readonly<Record<number, unknown>>,
    rpc = 'CreateInteractionStream',
  ): unknown {
    const interaction: unknown[] = [];
    for (const [position, value] of Object.entries(fields)) interaction[Number(position)] = value;
    const body = JSON.stringify([true, 1, null, interaction, '!ATTESTATION', 1]);
    return summarizeRequest(Buffer.from(body), rpc as 'CreateInteraction');
  }
  const input = [[[[[['Say hi']]]]], [[[[['again']]]]]];

  it.each(['CreateInteractionStream', 'CreateInteraction'])('is summarised for %s', (rpc) => {
    const tools = [
      [['get_weather', 'Weather', []]],
      [null, []],
      [null, null, null, null, null, []],
    ];
    const fields = {
      6: 'Be brief.',
      7: tools,
      15: 'application/json',
      17: ['models/m', []],
      26: input,
    };
    expect(ask(fields, rpc)).toEqual({
      model: 'm',
      responseMimeType: 'application/json',
      systemDigest: digestTexts(['Be brief.']),
      stop: [],
      hasResponseSchema: false,
      googleSearch: true,
      urlContext: false,
      codeExecution: true,
      functionNames: ['get_weather'],
      contentCount: 2,
      partCount: 2,
      fileCount: 0,
      promptDigest: digestTexts(['Say hi', 'again']),
      unread: ['temperature', 'top_p', 'max_tokens', 'stop', 'thinking', 'response_format'],
    });
  });

  it('says what of the input it cannot tell apart, and finds a lone text anywhere', () => {
    const odd = [[['what', 'is', 'what']]];
    expect(ask({ 17: ['models/m'], 26: odd })).toMatchObject({
      unread: expect.arrayContaining(['prompt', 'files']),
    });
    const lone = ask({ 17: ['models/m'], 26: [[['Say hi']]] });
    expect(lone).toMatchObject({ promptDigest: digestTexts(['Say hi']) });
    expect(lone).toMatchObject({ unread: expect.not.arrayContaining(['prompt']) });
  });

  it('counts files, names an agent, and is none without either', () => {
    const image = [null, ['drive-id', 'image/png']];
    expect(ask({ 18: ['agents/deep'], 26: [[[[[['look']], image]]]] })).toMatchObject({
      model: 'deep',
      fileCount: 1,
      promptDigest: digestTexts(['look']),
    });
    expect(ask({ 26: input })).toBeUndefined();
    expect(
      summarizeRequest(Buffer.from('["interactions/a",1]'), 'GetInteractionStream'),
    ).toBeUndefined();
  });
});
