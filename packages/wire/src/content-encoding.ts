import { type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createUnzip } from 'node:zlib';

const zlibFlush = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const brotliFlush = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
};

/**
 * A stream that undoes a `Content-Encoding`, giving whatever can be given after each write; a body
 * that breaks off is no error, its beginning comes through. `identity` for a body as it is,
 * `unknown` for an encoding we cannot undo.
 */
export function createContentDecoder(
  contentEncoding: string | undefined,
): Transform | 'identity' | 'unknown' {
  switch (contentEncoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return createUnzip(zlibFlush); // tells the two apart by itself
    case 'br':
      return createBrotliDecompress(brotliFlush);
    default:
      return 'unknown';
  }
}
