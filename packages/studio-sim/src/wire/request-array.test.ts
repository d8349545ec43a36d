import { expect, it } from '@jest/globals';

import { decodeRequest } from './request-array.ts';

it('reads the worked example with a called function (wire-format.md §4.6)', () => {
  const request = JSON.parse(
    '["models/gemini-3-pro-preview",[[[[null,"Weather in Oslo?"]],"user"],[[[null,null,null,null,null,null,null,null,null,null,["get_weather",[[["city",[null,null,"Oslo"]]]],"call_c1"],null,null,null,"U0lHTkFUVVJFLVRXTw=="]],"model"],[[[null,null,null,null,null,null,null,null,null,null,null,["get_weather",[[["result",[null,null,null,null,[[["tempC",[null,4.5]],["sky",[null,null,"clear"]]]]]]]],"call_c1"]]],"user"]],[[null,null,7,5],[null,null,8,5],[null,null,9,5],[null,null,10,5]],[null,null,null,65536,1,0.95,64,null,null,null,null,null,null,1,null,null,[1,null,null,3]],"!OPAQUE-ATTESTATION!",null,[[null,[["get_weather","Current weather for a city",[6,null,null,null,null,null,[["city",[1,null,"City name"]]],["city"]]]]]],null,null,null,1]',
  );
  expect(decodeRequest(request)).toMatchObject({
    model: 'gemini-3-pro-preview',
    contents: [
      { role: 'user', parts: [{ text: 'Weather in Oslo?' }] },
      {
        role: 'model',
        parts: [
          {
            functionCall: { name: 'get_weather', value: { city: 'Oslo' }, id: 'call_c1' },
            signature: 'U0lHTkFUVVJFLVRXTw==',
          },
        ],
      },
      {
        role: 'user',
        parts: [
          {
            functionResponse: {
              name: 'get_weather',
              value: { result: { tempC: 4.5, sky: 'clear' } },
              id: 'call_c1',
            },
          },
        ],
      },
    ],
    text: 'Weather in Oslo?',
    systemInstruction: null,
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxOutputTokens: 65_536,
    thinking: { includeThoughts: true, budget: null, level: 'high' },
    tools: {
      functions: [
        {
          name: 'get_weather',
          description: 'Current weather for a city',
          parameters: {
            type: 'OBJECT',
            properties: { city: { type: 'STRING', description: 'City name' } },
            required: ['city'],
          },
        },
      ],
      googleSearch: false,
      codeExecution: false,
    },
  });
});

it('finds nothing in what is no request', () => {
  expect(decodeRequest('nonsense')).toMatchObject({ model: '', contents: [], text: '' });
});
