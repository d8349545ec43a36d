import { type Part, StudioError } from '@aistudio/core';

import { MIME_TYPES, toFileName } from './file-types.ts';
import { typeOfFile } from './media-type.ts';

/** A file of the conversation. */
export type FilePart = Extract<Part, { type: 'file' }>;

/** A file as a request carries it; `param` names it in errors. */
export interface Attachment {
  readonly param: string;
  /** A web address, a `data:` URI, or bare base64 where `format` or `name` tells the type. */
  readonly source: string;
  /** File extension: `wav`. */
  readonly format?: string | undefined;
  readonly name?: string | null | undefined;
  /** True where only an image, audio or video makes sense. */
  readonly isMedia?: boolean;
}

/**
 * The bytes and type of an attachment that carries them. `position` makes names unique within a request. Throws
 * `invalid_value` or `unsupported_parameter` that names `param`.
 */
export function toFile(attachment: Attachment, position: number): FilePart {
  const { param, isMedia = false, name } = attachment;
  const { declared, payload } = readSource(attachment);
  const bytes = decodeBase64(param, payload);
  if (bytes.length === 0) {
    throw new StudioError('invalid_value', `The file in '${param}' is empty.`, { param });
  }
  const facts = { param, bytes, declared, name: name ?? undefined, isMedia };
  const mimeType = typeOfFile({ ...facts, trustsLabel: true });
  const data = bytes.toString('base64');
  return { type: 'file', mimeType, data, name: toFileName(name, mimeType, position) };
}

function readSource({ param, source, format, name }: Attachment): {
  declared: string | undefined;
  payload: string;
} {
  if (/^data:/i.test(source)) {
    const comma = source.indexOf(',');
    const [mimeType = '', ...options] = source.slice('data:'.length, comma).split(';');
    if (comma < 0 || options.at(-1)?.trim().toLowerCase() !== 'base64') {
      throw new StudioError('invalid_value', `'${param}' is not a data:<type>;base64,… URI.`, {
        param,
      });
    }
    return { declared: mimeType.trim() || undefined, payload: source.slice(comma + 1) };
  }
  const extension = format ?? name?.split('.').at(-1);
  if (extension === undefined || /^[a-z][a-z0-9+.-]*:/i.test(source.slice(0, 32))) {
    throw new StudioError(
      'invalid_value',
      `'${param}' must be a data:<type>;base64,… URI or an https:// address.`,
      {
        param,
      },
    );
  }
  return { declared: MIME_TYPES[extension.toLowerCase()] ?? extension, payload: source };
}

/** The bytes of base64 text in either alphabet, padded or not, with or without line breaks. */
function decodeBase64(param: string, payload: string): Buffer {
  const compact = payload.replaceAll(/\s+/g, '').replace(/={1,2}$/, '');
  const bytes = Buffer.from(compact, 'base64'); // also reads base64url; skips what is neither
  if (bytes.length === Math.floor((compact.length * 3) / 4)) return bytes;
  throw new StudioError('invalid_value', `The data in '${param}' is not base64.`, { param });
}
