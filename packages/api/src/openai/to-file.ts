import { type Part, StudioError } from '@aistudio/core';

type File = Extract<Part, { type: 'file' }>;

/** What the page's upload takes, by file extension (dossier: page.md §7). */
const MIME_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  pdf: 'application/pdf',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  aiff: 'audio/aiff',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  m4a: 'audio/mp4',
  mp4: 'video/mp4',
  mpeg: 'video/mpeg',
  mov: 'video/quicktime',
  avi: 'video/x-msvideo',
  webm: 'video/webm',
  wmv: 'video/x-ms-wmv',
  '3gp': 'video/3gpp',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  xml: 'text/xml',
  json: 'application/json',
};

/** Other names of the same types. */
const SYNONYMS: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'application/xml': 'text/xml',
};

const EXTENSIONS = new Map(
  Object.entries(MIME_TYPES).map(([extension, type]) => [type, extension]),
);

/** A file as a request carries it; `param` names it in errors. */
export interface Attachment {
  readonly param: string;
  /** A `data:` URI, or bare base64 where `format` or `name` tells the type. */
  readonly source: string;
  /** File extension: `wav`. */
  readonly format?: string | undefined;
  readonly name?: string | null | undefined;
}

/**
 * The bytes and type of an attachment. `position` makes names unique within a request. Throws
 * `invalid_value` or `unsupported_parameter` that names `param`.
 */
export function toFile(attachment: Attachment, position: number): File {
  const { param } = attachment;
  const { declared, payload } = readSource(attachment);
  const mimeType = knownType(param, declared);
  const data = canonicalBase64(param, payload);
  const extension = EXTENSIONS.get(mimeType) ?? 'bin';
  const name = attachment.name?.replaceAll(/[^\p{L}\p{N}._ -]/gu, '_').slice(-100);
  if (!data) throw new StudioError('invalid_value', `The file in '${param}' is empty.`, { param });
  return { type: 'file', mimeType, data, name: name || `file-${position}.${extension}` };
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
  if (/^https?:/i.test(source.slice(0, 6))) {
    throw new StudioError(
      'unsupported_parameter',
      `'${param}' is a remote URL, which this server does not fetch. Send the bytes as a data: URI.`,
      { param },
    );
  }
  const extension = format ?? name?.split('.').at(-1);
  if (extension === undefined || /^[a-z][a-z0-9+.-]*:/i.test(source.slice(0, 32))) {
    throw new StudioError('invalid_value', `'${param}' must be a data:<type>;base64,… URI.`, {
      param,
    });
  }
  return { declared: MIME_TYPES[extension.toLowerCase()] ?? extension, payload: source };
}

function knownType(param: string, declared: string | undefined): string {
  const mimeType = SYNONYMS[declared ?? ''] ?? declared ?? '';
  if (EXTENSIONS.has(mimeType) || mimeType.startsWith('text/')) return mimeType;
  throw new StudioError(
    'unsupported_parameter',
    `'${param}' is of type '${mimeType}', which AI Studio does not take. It takes images (PNG, JPEG, WebP, GIF, HEIC), PDF, audio, video and text.`,
    { param },
  );
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
