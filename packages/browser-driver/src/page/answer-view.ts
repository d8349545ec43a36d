/** What a piece of an answer is, by the chunk that shows it (page.md §5). */
export type SegmentKind =
  | 'thought'
  | 'text'
  /** A function call: JSON of its name and its arguments as shown. */
  | 'call'
  /** Code that was run, or its result: JSON of which of the two, the page's label, its text. */
  | 'code'
  /** An image: its address, `data:`, `blob:` or `https:`. */
  | 'image'
  /** Words of the page itself, or a chunk that we cannot read: all its text. */
  | 'remark';

/** One chunk of the answer. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly text: string;
  /** False for markdown that the page has rendered, which loses what the model wrote. */
  readonly isSource: boolean;
}

/** How one segment changed: `text` follows the first `keep` characters of what it was before. */
export interface SegmentChange extends Segment {
  readonly index: number;
  readonly keep: number;
}

/** The page's own messages about an answer: in its turn, and in callouts and toasts (page.md §9). */
export interface PageMessages {
  readonly inTurn: readonly string[];
  readonly elsewhere: readonly string[];
}

/** What the page shows of the answer, as the difference to what it showed before. */
export interface AnswerUpdate {
  readonly changes: readonly SegmentChange[];
  /** Whether the answer is still being written, as far as the Run control tells. */
  readonly isGenerating: boolean;
  /** Whether the last turn has the marks that appear only once an answer is finished. */
  readonly hasEndMark: boolean;
  readonly messages: PageMessages;
}

/** Applies changes to the segments known so far. */
export function applyChanges(segments: Segment[], changes: readonly SegmentChange[]): void {
  for (const { index, keep, text, ...rest } of changes) {
    segments[index] = { ...rest, text: (segments[index]?.text ?? '').slice(0, keep) + text };
  }
}
