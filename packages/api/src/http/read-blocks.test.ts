import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import { expect, it } from '@jest/globals';

import { readBlocks } from './read-blocks.ts';

const body = randomBytes(2_500_000);
const inPieces = (bytes: Buffer): Readable =>
  Readable.from(
    (function* () {
      for (let from = 0; from < bytes.length; from += 300_000)
        yield bytes.subarray(from, from + 300_000);
    })(),
  );

it('puts a body together in blocks that can be handed over', async () => {
  const blocks = await readBlocks(inPieces(body), body.length);
  expect(Buffer.concat(blocks).equals(body)).toBe(true);
  expect(blocks.length).toBe(3);
  for (const { buffer, byteLength } of blocks) expect(buffer.byteLength).toBe(byteLength);
});

it('takes neither less nor more than was said', async () => {
  const { length } = body;
  await expect(readBlocks(inPieces(body), length + 1)).rejects.toThrow('broke off');
  await expect(readBlocks(inPieces(body), length - 1)).rejects.toThrow('longer');
});
