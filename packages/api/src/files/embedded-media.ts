import { type Part, StudioError } from '@aistudio/core';

import { type Attachment, toFile, type WholeFile } from './to-file.ts';

/** The address of media whose bytes stand in it. */
const URI = String.raw`<?(data:[a-z]+/[\w.+-]+(?:;[\w.+-]+=[\w.+"-]*)*;base64,\s{0,9}[A-Za-z0-9+/_=-]+)>?`;
const TITLE = String.raw`(?:"[^"\n]{0,500}"|'[^'\n]{0,500}')?`;
/** What follows the text in brackets; or a whole definition of a reference, on a line of its own. */
const EMBEDDED = new RegExp(
  String.raw`\]\(\s{0,9}${URI}\s{0,9}${TITLE}\s{0,9}\)|^ {0,3}\[[^\]\n]{1,500}\]:\s{0,9}${URI} {0,9}${TITLE}`,
  'gim',
);
/** Longest text in brackets, characters. */
const MAX_LABEL = 500;

/**
 * Splits a text at the images and other media that stand in it as markdown with a `data:` URI, as our
 * own answers hold them. What is no such thing by its bytes stays text. `nextPosition` numbers files.
 */
export function splitEmbedded(
  text: string,
  param: string,
  nextPosition: () => number,
): (Extract<Part, { type: 'text' }> | WholeFile)[] {
  if (!/data:[a-z]+\/[^,]{1,200};base64,/i.test(text)) return [{ type: 'text', text }];
  const parts: ReturnType<typeof splitEmbedded> = [];
  let from = 0;
  const pushText = (to: number): void => {
    const piece = text.slice(from, to);
    if (piece.trim() !== '') parts.push({ type: 'text', text: piece });
  };
  for (const match of text.matchAll(EMBEDDED)) {
    const file = toMedia(
      { param, source: match[1] ?? match[2] ?? '', isMedia: true },
      nextPosition(),
    );
    if (!file) continue;
    pushText(startOf(text, match.index, from));
    parts.push(file);
    from = match.index + match[0].length;
  }
  if (from === 0) return [{ type: 'text', text }];
  pushText(text.length);
  return parts;
}

/** Where the brackets that are closed at `end` begin, with the mark of an image; not before `from`. */
function startOf(text: string, end: number, from: number): number {
  if (text[end] !== ']') return end;
  let open = 0;
  for (let at = end; at >= Math.max(from, end - MAX_LABEL); at -= 1) {
    if (text[at] === ']') open += 1;
    if (text[at] !== '[') continue;
    open -= 1;
    if (open === 0) return at > from && text[at - 1] === '!' ? at - 1 : at;
  }
  return end;
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
