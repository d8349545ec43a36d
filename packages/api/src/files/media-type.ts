import { StudioError } from '@aistudio/core';

import { knownType, MIME_TYPES } from './file-types.ts';
import { sniffType } from './sniff-type.ts';

/** What is known of a file. */
export interface FileFacts {
  /** Names the file in errors. */
  readonly param: string;
  readonly bytes: Uint8Array;
  /** The type that the client or the file's server says, with or without parameters. */
  readonly declared: string | undefined;
  /** Its name or path, whose extension tells kinds of text apart. */
  readonly name: string | undefined;
  /** True where only an image, audio or video makes sense. */
  readonly isMedia: boolean;
  /** Whether the label counts for bytes that say nothing: web servers label what they do not know. */
  readonly trustsLabel: boolean;
}

/** Labels of sound in a container that its bytes alone show as video. */
const SOUND = /^audio\/(mp4|m4a|x-m4a|aac)$/;

/**
 * The type of a file by its bytes; its label decides only what they leave open. Throws a 400 for
 * text that is said to be an image, audio, video or PDF, and for what AI Studio does not take.
 */
export function typeOfFile(facts: FileFacts): string {
  const { param, bytes, declared, name, isMedia, trustsLabel } = facts;
  const label = declared?.split(';')[0]?.trim().toLowerCase();
  const sniffed = sniffType(bytes);
  if (sniffed === 'text') {
    if (!isMedia && !isMediaType(label)) return textType(label, name);
    throw new StudioError(
      'invalid_value',
      `In '${param}' is text, most likely a web page, and no image, audio, video or PDF.`,
      { param },
    );
  }
  if (trustsLabel && sniffed === undefined && label && IS_TOLD_BY_BYTES.test(label)) {
    throw new StudioError(
      'invalid_value',
      `The bytes in '${param}' are not of the type '${label}', nor of another that AI Studio takes.`,
      { param },
    );
  }
  if (sniffed === 'video/mp4' && label !== undefined && SOUND.test(label)) return 'audio/mp4';
  return knownType(
    param,
    sniffed ?? (trustsLabel ? label : undefined) ?? 'application/octet-stream',
  );
}

/** Types whose files always begin in a way that is known; some sounds do not. */
const IS_TOLD_BY_BYTES = /^(image\/(png|jpe?g|gif|webp|hei[cf])|application\/pdf)$/;

const isMediaType = (type: string | undefined): boolean =>
  type !== undefined && /^(image|audio|video)\/|^application\/pdf$/.test(type);

/** What kind of text it is, by its label, else by its extension. */
function textType(label = '', name = ''): string {
  const isText = label.startsWith('text/') || /^application\/(json|xml)$/.test(label);
  if (isText && label !== 'text/plain') return knownType('', label);
  const byExtension = MIME_TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? '';
  return /^text\/|^application\/json$/.test(byExtension) ? byExtension : 'text/plain';
}
