/**
 * Finds the complete frames in a GenerateContent body that grows: an array of arrays, whose
 * elements at depth 2 are frames (wire-format.md §5.1). Each piece is looked at once.
 */
export function createFrameReader(): {
  /** Takes the next piece of text and returns the frames it completed. */
  push(piece: string): unknown[];
  /** Whether the whole array has been read. */
  readonly isComplete: boolean;
} {
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let frame = '';
  let isComplete = false;

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
        else if (character === '[') {
          depth += 1;
          if (depth === 3) start = index;
        } else if (character === ']') {
          depth -= 1;
          if (depth === 2) {
            frames.push(parseSparse(frame + piece.slice(start, index + 1)));
            frame = '';
          }
          if (depth === 0) isComplete = true;
        }
      }
      if (depth >= 3) frame += piece.slice(start);
      return frames;
    },
    get isComplete() {
      return isComplete;
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
