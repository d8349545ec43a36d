/** How arrays become text: the service itself varies (wire-format.md §5.8). */
export interface TextStyle {
  /** Write null fields as nothing: `[,"x"]`. */
  readonly sparse: boolean;
  /** Write `<`, `>`, U+2028 and U+2029 as escapes. */
  readonly escapeHtml: boolean;
}

/** JSON without blanks, in the given style. */
export function serialize(value: unknown, style: TextStyle): string {
  const text = style.sparse ? sparse(value) : JSON.stringify(value);
  return style.escapeHtml ? text.replace(/[<>\u2028\u2029]/g, escapeCharacter) : text;
}

function sparse(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length === 1) return `[${sparse(value[0])}]`; // a lone null must stay, or the array looks empty
  return `[${value.map((field: unknown) => (field === null ? '' : sparse(field))).join(',')}]`;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
