/**
 * Reads a streamed body while it grows: `[[frame, …], status?]`, where the status is
 * `[code, "message"]` and may come after frames as well (wire-format.md §5.1). Each piece is looked
 * at once.
 */
export function createFrameReader(): {
  /** Takes the next piece of text and returns the frames it completed. */
  push(piece: string): unknown[];
  /** Whether the whole array has been read. */
  readonly isComplete: boolean;
  /** The status that the body ends with, if it has one. */
  readonly status: unknown;
} {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let element = '';
  let position = 0;
  let isComplete = false;
  let status: unknown;
  /** Frames are arrays inside the first element; the status is the second one. */
  const wanted = (): number => (position === 0 ? 3 : 2);

  return {
    push(piece) {
      const frames: unknown[] = [];
      let start = 0;
      for (let index = 0; index < piece.length; index += 1) {
        const character = piece[index];
        if (isInString) {
          if (isEscaped) isEscaped = false;
          else if (character === '\\') isEscaped = true;
          else if (character === '"') isInString = false;
        } else if (character === '"') isInString = true;
        else if (character === ',' && depth === 1) position += 1;
        else if (character === '[') {
          depth += 1;
          if (depth === wanted()) start = index;
        } else if (character === ']') {
          depth -= 1;
          if (depth === wanted() - 1) {
            const value = element + piece.slice(start, index + 1);
            element = '';
            if (position === 0 && depth === 2) frames.push(parseSparse(value));
            else if (position === 1) status = parseSparse(value);
          }
          if (depth === 0) isComplete = true;
        }
      }
      if (depth >= wanted()) element += piece.slice(start);
      return frames;
    },
    get isComplete() {
      return isComplete;
    },
    get status() {
      return status;
    },
  };
}

/** A string, or a comma or opening bracket with nothing between it and what follows. */
const STRING_OR_GAP = /"[^"\\]*(?:\\.[^"\\]*)*"|\[(?=,)|,(?=[,\]])/g;

/** Parses JSON whose null fields may be written as nothing (wire-format.md §5.8). */
export function parseSparse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(
      text.replace(STRING_OR_GAP, (match) => (match.startsWith('"') ? match : `${match}null`)),
    );
  }
}
