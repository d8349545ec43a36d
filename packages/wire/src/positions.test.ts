import { describe, expect, it } from '@jest/globals';

import { createAnswerDecoder } from './answer-decoder.ts';
import { parseModels } from './list-models.ts';
import { type WirePositions, wirePositions } from './positions.ts';
import { summarizeRequest } from './request-array.ts';

/** The built-in table with one group changed, as it comes from a file. */
function changed<G extends keyof WirePositions>(
  group: G,
  fields: Partial<WirePositions[G]>,
): WirePositions {
  const table: WirePositions = {
    ...wirePositions,
    [group]: { ...wirePositions[group], ...fields },
  };
  return JSON.parse(JSON.stringify(table)) as WirePositions;
}

describe('another table of positions', () => {
  it('moves the text of an answer', () => {
    const positions = changed('part', { text: 3 });
    const decoder = createAnswerDecoder({ status: 200 }, { positions });
    const body = Buffer.from('[[[[[[[[null,null,null,"moved"]],"model"],1]]]]]');
    expect(decoder.push(body)).toEqual([
      { type: 'text', text: 'moved' },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('moves the events of an interaction', () => {
    const positions = changed('interactionEvent', { stepDelta: 20, completed: [21] });
    const decoder = createAnswerDecoder(
      { status: 200 },
      { rpc: 'CreateInteractionStream', positions },
    );
    const at = (position: number, value: unknown): unknown[] => [
      ...Array<null>(position).fill(null),
      value,
    ];
    const events = [at(20, [0, [['moved']]]), at(21, ['interactions/a', 3])];
    expect(decoder.push(Buffer.from(JSON.stringify([events])))).toEqual([
      { type: 'text', text: 'moved' },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('moves what a request says and what a model’s record holds', () => {
    const request = Buffer.from('[null,null,"models/m"]');
    const asked = summarizeRequest(request, 'GenerateContent', changed('request', { model: 2 }));
    expect(asked).toMatchObject({ model: 'm' });
    const list = Buffer.from('[[["models/m",null,"Moved"]]]');
    expect(parseModels(list, changed('model', { displayName: 2 }))).toMatchObject([
      { id: 'm', displayName: 'Moved' },
    ]);
  });
});
