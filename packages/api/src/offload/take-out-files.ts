import { type DecodedFile, decodeBase64, readDataUri } from '../files/decoded-file.ts';

/** A string shorter than this, in characters, may stay what it is: it is decoded where it is used. */
const SHORT = 100_000;
/** The fields in which requests carry files: as `data:` URIs, or as bare base64. */
const FILE_FIELDS: ReadonlySet<string> = new Set([
  'url',
  'image_url',
  'video_url',
  'file_url',
  'file_data',
  'data',
]);

/**
 * Replaces the long files of a body, in their places, by their bytes, which can be handed to another
 * thread at no cost. What is not base64 stays as it is. Gives the files.
 */
export function takeOutFiles(body: unknown): DecodedFile[] {
  const files: DecodedFile[] = [];
  const open: unknown[] = [body];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (typeof one !== 'object' || one === null) continue;
    for (const [field, value] of Object.entries(one)) {
      if (typeof value === 'object' && value !== null) open.push(value);
      if (typeof value !== 'string' || value.length < SHORT || !FILE_FIELDS.has(field)) continue;
      const file = decode(value);
      if (!file) continue;
      files.push(file);
      Reflect.set(one, field, file);
    }
  }
  return files;
}

function decode(source: string): DecodedFile | undefined {
  if (!/^data:/i.test(source)) return decodeBase64(source, undefined);
  const uri = readDataUri(source);
  return uri && decodeBase64(uri.payload, uri.declared);
}
