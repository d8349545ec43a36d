import { finished } from 'node:stream/promises';
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';

import { describe, expect, it } from '@jest/globals';

import { vectors } from './__fixtures__/vectors.ts';
import { createAnswerDecoder } from './answer-decoder.ts';
import { createContentDecoder } from './content-encoding.ts';

const encoders = {
  gzip: () => createGzip(),
  deflate: () => createDeflate(),
  br: () => createBrotliCompress(),
};
type Encoding = keyof typeof encoders;

/** Compresses as the service does: one stream, flushed after every piece. */
async function compress(encoding: Encoding, pieces: readonly Buffer[]): Promise<Buffer[]> {
  const encoder = encoders[encoding]();
  const flush = encoding === 'br' ? constants.BROTLI_OPERATION_FLUSH : constants.Z_SYNC_FLUSH;
  const flushed: Buffer[] = [];
  let written: Buffer[] = [];
  encoder.on('data', (bytes: Buffer) => written.push(bytes));
  for (const piece of pieces) {
    encoder.write(piece);
    await new Promise<void>((resolve) => {
      encoder.flush(flush, resolve);
    });
    flushed.push(Buffer.concat(written));
    written = [];
  }
  encoder.end();
  await finished(encoder);
  return [...flushed, ...written];
}

async function decompress(encoding: string, pieces: readonly Uint8Array[]): Promise<Buffer[]> {
  const decoder = createContentDecoder(encoding);
  if (typeof decoder === 'string') throw new Error(decoder);
  const bodies: Buffer[] = [];
  decoder.on('data', (bytes: Buffer) => bodies.push(bytes));
  for (const piece of pieces) decoder.write(piece);
  decoder.end();
  await finished(decoder);
  return bodies;
}

/** A body cut where its frames end. */
const byFrame = (body: Buffer): Buffer[] =>
  body
    .toString('latin1')
    .split(/(?<=\],)(?=\[\[\[\[\[\[|\[,*null,null,null)/)
    .map((piece) => Buffer.from(piece, 'latin1'));

describe.each(['gzip', 'deflate', 'br'] as const)('createContentDecoder(%s)', (encoding) => {
  it.each(vectors)(
    'gives $name whole, flushed at every frame, cut at every byte',
    async (vector) => {
      const plain = createAnswerDecoder({ status: 200 });
      const wanted = [...plain.push(vector.body), ...plain.end()];
      const compressed = await compress(encoding, byFrame(vector.body));
      const bytes = Array.from(Buffer.concat(compressed), (byte) => Buffer.of(byte));
      const decoder = createAnswerDecoder({ status: 200 });
      const events = (await decompress(encoding, bytes)).flatMap((piece) => decoder.push(piece));
      expect(withoutIds([...events, ...decoder.end()])).toEqual(withoutIds(wanted));
    },
  );

  it('gives a flushed piece before the next is there', async () => {
    const [first] = await compress(encoding, [Buffer.from('[[[1],'), Buffer.from('[2]]]')]);
    const decoder = createContentDecoder(encoding);
    if (typeof decoder === 'string') throw new Error(decoder);
    const piece = new Promise((resolve) => {
      decoder.once('data', resolve);
    });
    decoder.write(first);
    expect(String(await piece)).toBe('[[[1],');
  });

  it('gives the beginning of a body that breaks off', async () => {
    const [first, ...rest] = await compress(encoding, [
      Buffer.from('[[[1],'),
      Buffer.from('[2]]]'),
    ]);
    const broken = [first!, Buffer.concat(rest).subarray(0, 2)];
    expect(Buffer.concat(await decompress(encoding, broken)).toString()).toMatch(/^\[\[\[1\],/);
  });
});

describe('createContentDecoder', () => {
  it('says which bodies need nothing and which it cannot undo', () => {
    expect(createContentDecoder(undefined)).toBe('identity');
    expect(createContentDecoder('identity')).toBe('identity');
    expect(createContentDecoder('zstd')).toBe('unknown');
  });
});

/** Ids that were made for calls without one differ from reading to reading. */
const withoutIds = (events: readonly object[]): unknown[] =>
  events.map((event) => ('id' in event ? { ...event, id: '' } : event));
