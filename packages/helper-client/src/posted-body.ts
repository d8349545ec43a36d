import { randomUUID } from 'node:crypto';

import { type FilePart, type ReadFile } from '@aistudio/core';

/** A request's body as it is sent. */
export interface PostedBody {
  /** bytes */
  readonly length: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * The JSON of what `build` makes. Where that wants a file's base64 it puts what `dataOf` gives, and the
 * file is read and encoded piece by piece when its turn comes: a large one would hold this process up.
 */
export function toPostedBody(
  build: (dataOf: (file: FilePart) => string) => object,
  readFile: ReadFile,
): PostedBody {
  const files: FilePart[] = [];
  const mark = randomUUID(); // nothing in the conversation holds it
  const body = build((file) => {
    files.push(file);
    return `${mark}${files.length - 1}${mark}`;
  });
  // At even places stands JSON, at odd ones a file's index.
  const sections = JSON.stringify(body)
    .split(mark)
    .map((section, place) => (place % 2 === 0 ? Buffer.from(section) : files[Number(section)]));
  const lengths = sections.map((one) => (Buffer.isBuffer(one) ? one.length : base64Length(one)));
  return {
    length: lengths.reduce((sum, length) => sum + length, 0),
    pieces: (async function* () {
      for (const section of sections) {
        if (Buffer.isBuffer(section)) yield section;
        else if (section) {
          for await (const bytes of readFile(section)) yield Buffer.from(bytes.toString('base64'));
        }
      }
    })(),
  };
}

const base64Length = (file: FilePart | undefined): number => 4 * Math.ceil((file?.size ?? 0) / 3);
