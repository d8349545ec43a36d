import { type Part, StudioError } from '@aistudio/core';

import { knownType, MIME_TYPES, toFileName } from './file-types.ts';

type File = Extract<Part, { type: 'file' }>;

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
export function toFile(attachment: Attachment, position: number): File {
  const { param } = attachment;
  const { declared, payload } = readSource(attachment);
  const mimeType = knownType(param, declared);
  const data = canonicalBase64(param, payload);
  if (!data) throw new StudioError('invalid_value', `The file in '${param}' is empty.`, { param });
  return { type: 'file', mimeType, data, name: toFileName(attachment.name, mimeType, position) };
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
    return { declared: mimeType.trim().toLowerCase(), payload: source.slice(comma + 1) };
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

/** Standard alphabet, padded, without line breaks. */
function canonicalBase64(param: string, payload: string): string {
  const compact = payload.replaceAll(/\s+/g, '').replace(/={1,2}$/, '');
  const bytes = Buffer.from(compact, 'base64'); // also reads base64url; skips what is neither
  if (bytes.length !== Math.floor((compact.length * 3) / 4)) {
    throw new StudioError('invalid_value', `The data in '${param}' is not base64.`, { param });
  }
  return bytes.toString('base64');
}
