import { describe, expect, it } from '@jest/globals';

import { decodeRequest, type DecodedRequest } from '../wire/request-array.ts';
import { chooseAnswer } from './choose-answer.ts';
import { PARAGRAPHS } from './paragraphs.ts';
import { createScriptStore, Script } from './scripts.ts';

const request = (text: string, change: Partial<DecodedRequest> = {}): DecodedRequest => ({
  ...decodeRequest(['models/gemini-2.5-flash', [[[[null, text]], 'user']]]),
  ...change,
});
const tools = {
  functions: [
    {
      name: 'get_weather',
      parameters: {
        type: 'OBJECT',
        properties: { city: { type: 'STRING' }, days: { type: 'INTEGER', minimum: 2 } },
      },
    },
  ],
  googleSearch: false,
  codeExecution: false,
  urlContext: false,
  googleMaps: false,
};
const answer = (asked: DecodedRequest): unknown => chooseAnswer(asked, createScriptStore());

describe('chooseAnswer', () => {
  it('echoes everything after the last echo, byte for byte', () => {
    expect(answer(request('echo: no\necho:  a\n\n```x``` 😀 \n'))).toEqual({
      text: ' a\n\n```x``` 😀 \n',
    });
  });

  it('prefers a directive to an echo', () => {
    expect(answer(request('@sim {"text":"this"}\necho: that'))).toEqual({ text: 'this' });
  });

  it('writes calls as text where the system instruction shows how', () => {
    const asked = '@sim {"text":"Well.","toolCalls":[{"name":"f","args":{"a":1}}]}';
    const systemInstruction = 'Call so:\n<call-x tool="NAME">\n{}\n</call-x>\nThat is all.';
    expect(answer(request(asked, { systemInstruction }))).toEqual({
      text: 'Well.\n\n<call-x tool="f">\n{\n "a": 1\n}\n</call-x>',
    });
    expect(answer(request(asked, { systemInstruction, tools }))).toHaveProperty('toolCalls');
  });

  it('calls a declared function that the prompt names', () => {
    expect(answer(request('Please use get_weather.', { tools }))).toEqual({
      toolCalls: [{ name: 'get_weather', args: { city: 'sample city', days: 2 } }],
    });
    expect(answer(request('Just talk.', { tools }))).toMatchObject({ text: PARAGRAPHS });
  });

  it('obeys a response schema', () => {
    const responseSchema = {
      type: 'OBJECT',
      properties: { ok: { type: 'BOOLEAN' }, unit: { type: 'STRING', enum: ['C', 'F'] } },
    };
    expect(answer(request('Give me JSON', { responseSchema }))).toEqual({
      text: '{\n  "ok": true,\n  "unit": "C"\n}',
    });
  });

  it('thinks before the paragraphs only where thoughts are wanted', () => {
    const thinking = { includeThoughts: true, budget: null, level: null };
    expect(answer(request('Hello', { thinking }))).toHaveProperty('thoughts');
    expect(answer(request('Hello', { thinking: { ...thinking, budget: 0 } }))).toEqual({
      text: PARAGRAPHS,
    });
  });
});

describe('scripts', () => {
  const store = createScriptStore();
  store.add(Script.parse({ match: 'needle', steps: [{ text: 'old' }] }));
  store.add(Script.parse({ match: 'needle', steps: [{ text: 'one' }, { text: 'two' }] }));
  store.add(Script.parse({ match: 'agent', steps: [{ text: 'called' }], whenTools: true }));

  it('answer step by step, newest first, the last step for ever', () => {
    const texts = [1, 2, 3].map(() => chooseAnswer(request('a needle here'), store).text);
    expect(texts).toEqual(['one', 'two', 'two']);
  });

  it('can be for requests with functions only; others get a short text', () => {
    expect(chooseAnswer(request('agent, a title'), store).text).toBe('A short text.');
    expect(chooseAnswer(request('agent, work', { tools }), store).text).toBe('called');
  });
});
