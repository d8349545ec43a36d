import { type Part, StudioError } from '@aistudio/core';

import { type Attachment, toFile, type WholeFile } from './to-file.ts';

/** Markdown that shows an image, or links to other media, whose bytes stand in it. */
const EMBEDDED = /!?\[[^[\]\n]{0,500}\]\(<?(data:[a-z]+\/[\w.+-]+;base64,[A-Za-z0-9+/_=-]+)>?\)/gi;

/**
 * Splits a text at the images and other media that stand in it as markdown with a `data:` URI, as our
 * own answers hold them. What is no such thing by its bytes stays text. `nextPosition` numbers files.
 */
export function splitEmbedded(
  text: string,
  param: string,
  nextPosition: () => number,
): (Extract<Part, { type: 'text' }> | WholeFile)[] {
  if (!/\(<?data:/i.test(text)) return [{ type: 'text', text }];
  const parts: ReturnType<typeof splitEmbedded> = [];
  let from = 0;
  const pushText = (to: number): void => {
    const piece = text.slice(from, to);
    if (piece.trim() !== '') parts.push({ type: 'text', text: piece });
  };
  for (const match of text.matchAll(EMBEDDED)) {
    const file = toMedia({ param, source: match[1] ?? '', isMedia: true }, nextPosition());
    if (!file) continue;
    pushText(match.index);
    parts.push(file);
    from = match.index + match[0].length;
  }
  if (from === 0) return [{ type: 'text', text }];
  pushText(text.length);
  return parts;
}

/** The file; undefined for what is none by its bytes. */
function toMedia(attachment: Attachment, position: number): WholeFile | undefined {
  try {
    return toFile(attachment, position);
  } catch (error) {
    if (error instanceof StudioError) return undefined;
    throw error;
  }
}
