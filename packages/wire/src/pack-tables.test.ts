import { parsePagePack, type PagePack } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { createAnswerDecoder } from './answer-decoder.ts';
import { checkWireTables, toWireTables } from './pack-tables.ts';
import { wirePositions } from './positions.ts';
import { rpcNames, rpcOf } from './rpc.ts';

const pack = (rest: object): PagePack =>
  parsePagePack(JSON.stringify({ version: 1, name: 'a', ...rest }));

describe('toWireTables', () => {
  it('is the built-in tables without a pack', () => {
    expect(toWireTables([])).toEqual({ names: rpcNames, positions: wirePositions });
  });

  it('takes what packs say, from the first that says it, and leaves the rest', () => {
    const { names, positions } = toWireTables([
      pack({ rpcs: { GenerateContent: 'StreamContent' } }),
      pack({
        rpcs: { GenerateContent: 'Old', ListModels: 'Models' },
        positions: { part: { text: 9 } },
      }),
    ]);
    expect(names).toEqual({ ...rpcNames, GenerateContent: 'StreamContent', ListModels: 'Models' });
    expect(positions.part).toEqual({ ...wirePositions.part, text: 9 });
    expect(rpcOf('POST', 'https://a/b/StreamContent', names)).toBe('GenerateContent');
    expect(rpcOf('POST', 'https://a/b/GenerateContent', names)).toBeUndefined();
  });

  it('lets an answer be read whose text has moved', () => {
    const { positions } = toWireTables([pack({ positions: { part: { text: 3 } } })]);
    const frame = [[[[[[null, null, null, 'moved']], 'model']]]];
    const decoder = createAnswerDecoder({ status: 200 }, { positions });
    const events = decoder.push(Buffer.from(JSON.stringify([[frame]])));
    expect(events).toContainEqual({ type: 'text', text: 'moved' });
  });
});

describe('checkWireTables', () => {
  it('takes every call and field there is', () => {
    expect(checkWireTables(pack({ rpcs: rpcNames, positions: wirePositions }))).toEqual([]);
  });

  it('names what there is not', () => {
    const faults = checkWireTables(
      pack({
        rpcs: { Generate: 'a' },
        positions: { part: { words: 1, text: [1], silent: 4 }, parts: { text: 1 } },
      }),
    );
    expect(faults).toEqual([
      expect.stringMatching(/^rpcs\.Generate: there is no such call; known are GenerateContent, /),
      expect.stringMatching(/^positions\.part\.words: there is no such field/),
      'positions.part.text: must be one position',
      'positions.part.silent: must be a list of positions',
      expect.stringMatching(/^positions\.parts\.text: there is no such field/),
    ]);
  });
});
