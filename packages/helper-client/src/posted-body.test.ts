import { randomBytes } from 'node:crypto';

import { type FilePart } from '@aistudio/core';
import { collect } from '@aistudio/testing';
import { expect, it } from '@jest/globals';

import { toPostedBody } from './posted-body.ts';

const contents = [Buffer.from('a'), randomBytes(3000), Buffer.alloc(0)];
const fileOf = (number: number): FilePart => {
  const size = contents[number]?.length ?? 0;
  return { type: 'file', mimeType: 'image/png', name: 'x', digest: '', number, size };
};
/** In pieces, as they are stored. */
async function* read({ number }: Pick<FilePart, 'number'>): AsyncGenerator<Buffer> {
  const bytes = contents[number] ?? Buffer.alloc(0);
  for (let from = 0; from < bytes.length; from += 300) yield bytes.subarray(from, from + 300);
}

it('holds each file as base64 where it belongs, and knows its length before', async () => {
  const { length, pieces } = toPostedBody(
    (dataOf) => ({
      text: 'ä "quoted"',
      files: [0, 1, 2, 1].map((number) => ({ url: `data:x;base64,${dataOf(fileOf(number))}` })),
    }),
    read,
  );
  const sent = Buffer.concat(await collect(pieces));
  expect(sent.length).toBe(length);
  expect(JSON.parse(sent.toString())).toEqual({
    text: 'ä "quoted"',
    files: [0, 1, 2, 1].map((number) => ({
      url: `data:x;base64,${contents[number]?.toString('base64')}`,
    })),
  });
});
