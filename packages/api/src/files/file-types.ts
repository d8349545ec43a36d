import { StudioError } from '@aistudio/core';

/** What the page's upload takes, by file extension (page.md §7). */
export const MIME_TYPES: Readonly<Record<string, string>> = {
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

/** The type by its usual name. Throws `unsupported_parameter` for what the upload does not take. */
export function knownType(param: string, declared: string | undefined): string {
  const mimeType = SYNONYMS[declared ?? ''] ?? declared ?? '';
  if (EXTENSIONS.has(mimeType) || mimeType.startsWith('text/')) return mimeType;
  throw new StudioError(
    'unsupported_parameter',
    `'${param}' is of type '${mimeType}', which AI Studio does not take. It takes images (PNG, JPEG, WebP, GIF, HEIC), PDF, audio, video and text.`,
    { param },
  );
}

/**
 * A name for a file of this type: the client's own, as far as its characters are harmless, else one
 * by its `position` in the request.
 */
export function toFileName(
  given: string | null | undefined,
  mimeType: string,
  position: number,
): string {
  const name = given?.replaceAll(/[^\p{L}\p{N}._ -]/gu, '_').slice(-100);
  return name || `file-${position}.${EXTENSIONS.get(mimeType) ?? 'bin'}`;
}
