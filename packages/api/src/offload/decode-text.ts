import { TextDecoder } from 'node:util';

import { StudioError } from '@aistudio/core';

/**
 * Bytes as text of this character set. Throws `invalid_json` for bytes that are no text, since what
 * stood there is not to be guessed, and `unsupported_media_type` for a set that is not known.
 */
export function decodeText(bytes: Uint8Array, charset: string): string {
  const decoder = toDecoder(nameOf(bytes, charset));
  try {
    return decoder.decode(bytes);
  } catch {
    throw new StudioError(
      'invalid_json',
      `The body is not ${decoder.encoding.toUpperCase()}. Send UTF-8, or name the character set: content-type: application/json; charset=latin1.`,
    );
  }
}

/**
 * The set to decode by. ASCII is the part of UTF-8 that all sets share; the order of bytes in UTF-16
 * is what they begin with.
 */
function nameOf(bytes: Uint8Array, charset: string): string {
  const name = charset.toLowerCase();
  if (name === 'us-ascii' || name === 'ascii') return 'utf-8';
  return name === 'utf-16' && bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : charset;
}

function toDecoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw new StudioError(
      'unsupported_media_type',
      `The body has an unsupported charset "${charset.slice(0, 40).toUpperCase()}". Send UTF-8.`,
    );
  }
}
