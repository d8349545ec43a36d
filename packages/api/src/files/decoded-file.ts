import { createHash } from 'node:crypto';

import { z } from 'zod';

/** A file that was taken out of a request's JSON where that was parsed. */
export interface DecodedFile {
  readonly bytes: Uint8Array;
  /** SHA-256, hex. */
  readonly digest: string;
  /** The type that the client gave with it. */
  readonly declared?: string | undefined;
}

/** What a client writes in the place of a file, or that file if it has been decoded already. */
export const FileSource = z.custom<string | DecodedFile>(
  (value) => typeof value === 'string' || isDecodedFile(value),
  'expected a string',
);
export type FileSource = z.infer<typeof FileSource>;

/** No client can write one: JSON holds no bytes. */
function isDecodedFile(value: unknown): value is DecodedFile {
  return (
    typeof value === 'object' &&
    value !== null &&
    'bytes' in value &&
    ArrayBuffer.isView(value.bytes)
  );
}

/** A `data:<type>;base64,…` URI; undefined for what is none. */
export function readDataUri(
  source: string,
): { readonly declared: string | undefined; readonly payload: string } | undefined {
  const comma = source.indexOf(',');
  const [mimeType = '', ...options] = source.slice('data:'.length, comma).split(';');
  if (comma < 0 || options.at(-1)?.trim().toLowerCase() !== 'base64') return undefined;
  return { declared: mimeType.trim() || undefined, payload: source.slice(comma + 1) };
}

/** The file of base64 text in either alphabet, padded or not, with or without line breaks; undefined for what is none. */
export function decodeBase64(
  payload: string,
  declared: string | undefined,
): DecodedFile | undefined {
  const compact = payload.replaceAll(/\s+/g, '').replace(/={1,2}$/, '');
  if (!/^[\w+/-]*$/.test(compact)) return undefined; // it would be skipped
  const bytes = Buffer.from(compact, 'base64'); // also reads base64url
  if (bytes.length !== Math.floor((compact.length * 3) / 4)) return undefined;
  return { bytes, digest: digestOf(bytes), declared };
}

/** SHA-256 of a file, hex. */
export const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');
