import { type Readable } from 'node:stream';

/** So much is put together at a time, bytes. */
const BLOCK_BYTES = 1024 * 1024;

/**
 * Reads `length` bytes into blocks that have buffers of their own. To put a large body together in one go
 * would hold this thread up, and so would looking through all the small pieces in which it comes.
 * Throws when the stream breaks off.
 */
export async function readBlocks(stream: Readable, length: number): Promise<Uint8Array[]> {
  const blocks: Uint8Array[] = [];
  let room: Uint8Array = new Uint8Array(0);
  let left = length;
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    for (let from = 0; from < piece.length;) {
      if (room.length === 0) {
        const block = new Uint8Array(Math.min(BLOCK_BYTES, left));
        if (block.length === 0) throw new Error('the body is longer than was said');
        blocks.push(block);
        room = block;
        left -= block.length;
      }
      const part = piece.subarray(from, from + room.length);
      room.set(part);
      room = room.subarray(part.length);
      from += part.length;
    }
  }
  if (left > 0 || room.length > 0) throw new Error('the body broke off');
  return blocks;
}
