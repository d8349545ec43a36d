import { type JobEvent, newCallId } from '@aistudio/core';
import { fencedBlock } from '@aistudio/wire';

import { type Segment } from '../page/answer-view.ts';
import { type ImageBytes } from '../page/in-page/images.ts';
import { type SentAnswer } from './relay.ts';

/** What may still change at the end of a growing text: white space, half of a character. */
const UNSETTLED = /[\s\uD800-\uDBFF]+$/;

/**
 * The beginning of the answer's text that will not change any more, of an answer still being
 * written: only what is shown as source, up to the first thing whose place in the text is decided
 * at the end (an image, run code, a chunk that we cannot read).
 */
export function settledText(segments: readonly Segment[]): string {
  let text = '';
  for (const segment of segments) {
    if (segment.kind === 'thought' || segment.kind === 'call') continue;
    if (segment.kind !== 'text' || !segment.isSource) break;
    text += segment.text;
  }
  return text.replace(UNSETTLED, '');
}

/** A block of code, on lines of its own, as {@link fencedBlock} writes it. */
const BLOCK = /(?:\n\n)?(`{3,})[^\n`]*\n(?:[^]*?\n)?\1\n\n/y;

/** The block of code that stands in `text` at `index`; undefined: there is none. */
function blockAt(text: string, index: number): string | undefined {
  BLOCK.lastIndex = index;
  return BLOCK.exec(text)?.[0];
}

/**
 * A finished answer as its content events. `images` has what their addresses lead to. `sent` is what the
 * client has of it by a tier that knows the model's own words: of what the page only renders, thoughts are
 * not told again then, and code that was run is told as it was.
 */
export function toContent(
  segments: readonly Segment[],
  images: ReadonlyMap<string, ImageBytes>,
  sent: SentAnswer = { text: '', hasReasoning: false },
): JobEvent[] {
  let callCount = 0;
  let isAtLineStart = true;
  let length = 0;
  const toText = (text: string): JobEvent[] => {
    if (text === '') return [];
    length += text.length;
    isAtLineStart = text.endsWith('\n');
    return [{ type: 'text', text }];
  };
  return segments.flatMap(({ kind, text }): JobEvent[] => {
    switch (kind) {
      case 'thought':
        return text === '' || sent.hasReasoning ? [] : [{ type: 'reasoning', text }];
      case 'text':
        return toText(text);
      case 'code': {
        const [type = '', label = '', code = ''] = partsOf(text);
        const tag = type === 'result' ? outcomeTag(label) : codeTag(label);
        return toText(blockAt(sent.text, length) ?? fencedBlock(tag, code, isAtLineStart));
      }
      case 'call': {
        const [name = '', shown = ''] = partsOf(text);
        const index = callCount++;
        return [{ type: 'tool_call', index, id: newCallId(), name, arguments: compact(shown) }];
      }
      case 'image': {
        const image = images.get(text);
        return image ? [{ type: 'media', ...image }] : [];
      }
      case 'remark': // the page's words, not the model's
        break;
    }
    return [];
  });
}

/** What a segment's text is made of; see `SegmentKind`. */
function partsOf(text: string): string[] {
  const parts: unknown = JSON.parse(text);
  return Array.isArray(parts) ? parts.map(String) : [];
}

/** The fence of code that was run: its language, where the page names one (wire-format.md §4.2). */
function codeTag(label: string): string {
  const language = label.trim().toLowerCase();
  if (language === 'unspecified') return '';
  // A block of code whose label says how it came out is a result without a chunk of its own.
  if (
    /^(ok|failed|deadline[_ ]exceeded|output\b.*|(code execution )?(result|output)s?)$/.test(
      language,
    )
  )
    return outcomeTag(label);
  return /^(|code|executable code|code execution)$/.test(language) ? 'python' : language;
}

/** The fence of what came of it: `output`, with the outcome where it is not a good one. */
function outcomeTag(label: string): string {
  if (/deadline/i.test(label)) return 'output DEADLINE_EXCEEDED';
  return /fail|error/i.test(label) ? 'output FAILED' : 'output';
}

/** JSON as the page shows it, for reading, in its shortest form. */
function compact(shown: string): string {
  if (shown.trim() === '') return '{}';
  try {
    return JSON.stringify(JSON.parse(shown));
  } catch {
    return shown;
  }
}
