import { describe, expect, it } from '@jest/globals';

import { toEvents } from '../answer/to-events.ts';
import { MODELS } from '../rpc/models.ts';
import { attestText } from '../wire/attestation.ts';
import { encodeEvent } from '../wire/encode-event.ts';
import { encodeModel } from '../wire/encode-model.ts';
import { decodeInteraction } from '../wire/interaction-request.ts';
import { at, numberAt, stringAt } from '../wire/message.ts';
import { createInteractionReader } from './interaction-events.ts';
import { interactionRequest } from './interaction-request.ts';
import { readModels } from './model-record.ts';
import { type Content } from './request.ts';
import { defaultSettings, type Settings } from './settings.ts';

const ID = 'gemini-omni-flash-preview';
const model = readModels([MODELS.map(encodeModel)]).find(({ id }) => id === ID);
const settings: Settings = {
  ...defaultSettings(model),
  tools: new Set(['googleSearch', 'functionCalling']),
  declarations: [{ name: 'f', description: 'does it' }],
  systemInstruction: 'Be brief.',
  level: 2,
};
const chat: Content[] = [
  [[[null, 'one']], 'user'],
  [[[null, 'answer']], 'model'],
  [[[null, 'two']], 'user'],
];
const context = { id: 'v1_i', model: `models/${ID}`, promptTokens: 1, callId: () => 'call_1' };

describe('bundle C1: the request of an interaction', () => {
  it('has everything that the controls show where it belongs', async () => {
    const request = await interactionRequest(chat, settings, { isBackground: false });
    expect(request[4]).toBe(await attestText('one answer two'));
    expect(decodeInteraction(request)).toMatchObject({
      isBackground: false,
      previousId: undefined,
      request: {
        model: ID,
        systemInstruction: 'Be brief.',
        contents: [
          { role: 'user', parts: [{ text: 'one' }] },
          { role: 'model', parts: [{ text: 'answer' }] },
          { role: 'user', parts: [{ text: 'two' }] },
        ],
        tools: { googleSearch: true, functions: [{ name: 'f', description: 'does it' }] },
      },
    });
    const config = at(request, 3, 17, 1);
    expect(numberAt(config, 16, 3)).toBe(3); // medium has another number here
  });

  it('sends only what is new after an interaction that it continues', async () => {
    const options = { isBackground: true, previousId: 'v1_before' };
    const request = await interactionRequest(chat, settings, options);
    const { previousId, isBackground, attested } = decodeInteraction(request);
    expect({ previousId, isBackground, attested }).toEqual({
      previousId: 'v1_before',
      isBackground: true,
      attested: 'two',
    });
  });
});

describe('the events of an interaction, read by the page', () => {
  it('become frames with thoughts, text and calls, and end', () => {
    const directive = {
      thoughts: 'Hm.',
      text: 'Hello',
      toolCalls: [{ name: 'f', args: { a: 1 } }],
    };
    const reader = createInteractionReader();
    const frames = toEvents(directive, context)
      .map(encodeEvent)
      .map((event) => reader.take(event))
      .filter((frame) => frame !== undefined);
    const parts = frames.map((frame) => at(frame, 0, 0, 0, 0, 0));
    const texts = parts.filter((part) => at(part, 12) === undefined);
    expect(texts.map((part) => stringAt(part, 1) ?? '').join('')).toBe('Hello');
    expect(parts.find((part) => at(part, 12) === 1)).toEqual(expect.arrayContaining(['Hm.']));
    expect(parts.find((part) => at(part, 10) !== undefined)).toEqual([
      ...Array.from({ length: 10 }, () => null),
      ['f', [[['a', [null, 1]]]], 'call_1'],
    ]);
    expect(numberAt(frames.at(-1), 0, 0, 1)).toBe(1);
    expect({ id: reader.id, isCompleted: reader.isCompleted }).toEqual({
      id: 'v1_i',
      isCompleted: true,
    });
  });

  it('throw the error that they end with', () => {
    const reader = createInteractionReader();
    const events = toEvents({ blockReason: 'SAFETY' }, context).map(encodeEvent);
    expect(() => events.map((event) => reader.take(event))).toThrow('blocked');
  });
});
