import { describe, expect, it } from '@jest/globals';

import { encodeEvent } from '../wire/encode-event.ts';
import { toEvents } from './to-events.ts';

const context = {
  id: 'v1_i',
  model: 'models/gemini-omni-flash-preview',
  promptTokens: 3,
  callId: () => 'call_1',
};
const encoded = (directive: Parameters<typeof toEvents>[0]): unknown[] =>
  toEvents(directive, context).map(encodeEvent);

describe('the events of an interaction', () => {
  it('are created, a step with its pieces for each thing, completed', () => {
    expect(
      encoded({ thoughts: 'Hm.', text: 'Hi', usage: { completion: 7, reasoning: 2 } }),
    ).toEqual([
      [[['v1_i', 1, ...Array(15).fill(null), ['models/gemini-omni-flash-preview']]]],
      [null, null, ['v1_i', 1]],
      [...Array(9).fill(null), [0, [null, null, []]]],
      [...Array(10).fill(null), [0, [null, null, null, null, null, [[['Hm.']]]]]],
      [...Array(10).fill(null), [0, [null, null, null, null, null, null, [expect.any(String)]]]],
      [...Array(11).fill(null), [0, [null, null, null, null, expect.any(Number)]]],
      [...Array(9).fill(null), [1, [null, []]]],
      [...Array(10).fill(null), [1, [['Hi']]]],
      [...Array(11).fill(null), [1, [null, null, null, null, expect.any(Number)]]],
      [
        null,
        [['v1_i', 3, ...Array(10).fill(null), [3, null, 12, null, 7, null, null, null, null, 2]]],
      ],
    ]);
  });

  it('give the arguments of a call as pieces of JSON', () => {
    const events = toEvents({ toolCalls: [{ name: 'f', args: { city: 'Bern' } }] }, context);
    const pieces = events.flatMap((event) =>
      event.type === 'step-delta' && 'argumentsJson' in event.delta
        ? event.delta.argumentsJson
        : [],
    );
    expect(pieces.length).toBe(2);
    expect(JSON.parse(pieces.join(''))).toEqual({ city: 'Bern' });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'step-start', call: { name: 'f', id: 'call_1' } }),
    );
  });

  it('end without completion where the answer has no end', () => {
    expect(toEvents({ text: 'x', noFinish: true }, context).at(-1)?.type).toBe('step-stop');
  });

  it('are an error where the prompt is refused', () => {
    const types = toEvents({ blockReason: 'SAFETY' }, context).map(({ type }) => type);
    expect(types).toEqual(['created', 'status', 'error', 'status']);
  });
});
