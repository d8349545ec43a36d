/** What stands between tags in a prompt: a message, a call of a function, or a call's result. */
export type BlockKind = 'message' | 'call' | 'result';

/** Opens a block, and no other text does: `code` occurs nowhere in what the client sent. */
export const openingOf = (kind: BlockKind, code: string): string => `<${kind}-${code}`;
/** Closes a block. */
export const closingOf = (kind: BlockKind, code: string): string => `</${kind}-${code}>`;

/** A text between tags that say what it is. */
export function toBlock(
  kind: BlockKind,
  code: string,
  said: Readonly<Record<string, string | undefined>>,
  body: string,
): string {
  return `${openingOf(kind, code)}${toAttributes(said)}>\n${body}\n${closingOf(kind, code)}`;
}

/** Values as JSON strings in which no tag can end, whatever the client put there. */
function toAttributes(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}=${JSON.stringify(value)}`]))
    .join('')
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e');
}

const ATTRIBUTE = /([a-z]+)=("(?:[^"\\<>\n]|\\.)*")/g;
const ATTRIBUTES = new RegExp(`^(?: +${ATTRIBUTE.source})* *>`);

/**
 * Reads what {@link toBlock} writes behind the opening, as far as `>`: the attributes and how many
 * characters they take. Undefined when the text is no such thing, or not yet.
 */
export function readAttributes(
  text: string,
): { readonly said: Readonly<Record<string, string>>; readonly length: number } | undefined {
  const [whole] = ATTRIBUTES.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const said: Record<string, string> = {};
  for (const [, key = '', json = ''] of whole.matchAll(ATTRIBUTE)) {
    try {
      said[key] = String(JSON.parse(json));
    } catch {
      return undefined;
    }
  }
  return { said, length: whole.length };
}
