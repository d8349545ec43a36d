import { HelperError } from './helper-error.ts';

/** Longest line, characters: an inline image fits, an endless one does not. */
const MAX_LINE = 64 * 1024 * 1024;

/**
 * The data of each server-sent event, from bytes that may be cut anywhere. Comments and other fields
 * are passed over, and so is an event that the end of the bytes cuts off.
 */
export async function* readEventData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of readLines(bytes)) {
    if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    if (line !== '' || data.length === 0) continue;
    yield data.join('\n');
    data = [];
  }
}

/** Lines end with LF, CR or both. */
async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder(); // drops a byte-order mark
  let rest = '';
  for await (const piece of bytes) {
    rest += decoder.decode(piece, { stream: true });
    const isHalf = rest.endsWith('\r'); // the LF may come with the next piece
    const lines = (isHalf ? rest.slice(0, -1) : rest).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + (isHalf ? '\r' : '');
    if (rest.length > MAX_LINE) {
      throw new HelperError('The helper sent a line without an end.', { isOutage: true });
    }
    yield* lines;
  }
}
