import { describe, expect, it } from '@jest/globals';

import { digestTexts, summarizeRequest } from './request-array.ts';

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
