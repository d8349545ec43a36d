import { type JobEvent, newCallId } from '@aistudio/core';
import { fencedBlock } from '@aistudio/wire';

import { type Segment } from '../page/answer-view.ts';
import { type ImageBytes } from '../page/in-page/images.ts';

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

/** A finished answer as its content events. `images` has what their addresses lead to. */
export function toContent(
  segments: readonly Segment[],
  images: ReadonlyMap<string, ImageBytes>,
): JobEvent[] {
  let callCount = 0;
  let isAtLineStart = true;
  const toText = (text: string): JobEvent[] => {
    if (text === '') return [];
    isAtLineStart = text.endsWith('\n');
    return [{ type: 'text', text }];
  };
  return segments.flatMap(({ kind, text }): JobEvent[] => {
    switch (kind) {
      case 'thought':
        return text === '' ? [] : [{ type: 'reasoning', text }];
      case 'text':
        return toText(text);
      case 'code': {
        const [label = '', code = ''] = pairOf(text);
        return toText(fencedBlock(tagOf(label), code, isAtLineStart));
      }
      case 'call': {
        const [name = '', shown = ''] = pairOf(text);
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

/** What the page's half of a segment's text is made of; see `SegmentKind`. */
function pairOf(text: string): string[] {
  const pair: unknown = JSON.parse(text);
  return Array.isArray(pair) ? pair.map(String) : [];
}

/** The page names a language, or how running the code came out (wire-format.md §4.2). */
function tagOf(label: string): string {
  const said = label.toLowerCase();
  if (said === 'unspecified') return '';
  if (said === 'ok') return 'output';
  return said === 'failed' || said === 'deadline_exceeded' ? `output ${said.toUpperCase()}` : said;
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
