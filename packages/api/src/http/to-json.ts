/** Characters that end lines for some readers, although they are plain text in JSON. */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/**
 * A value as JSON on one line, whatever a reader takes for the end of a line: Python's `splitlines`,
 * by which some clients read streams, knows more of them than JSON does.
 */
export const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    LINE_ENDS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
