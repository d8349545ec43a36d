/**
 * Cuts a text into pieces that take at most `maxBytes` each as UTF-8 within JSON, never inside a
 * character. An empty text is one empty piece.
 */
export function* splitText(text: string, maxBytes: number): Generator<string> {
  if (text.length * MOST_BYTES <= maxBytes) {
    yield text;
    return;
  }
  let from = 0;
  let bytes = 0;
  for (let at = 0; at < text.length;) {
    const point = text.codePointAt(at) ?? 0;
    const cost = bytesOf(point);
    if (bytes + cost > maxBytes && at > from) {
      yield text.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += cost;
    at += point > 0xff_ff ? 2 : 1;
  }
  yield text.slice(from);
}

/** How many bytes a text takes within JSON. */
export function jsonBytes(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += bytesOf(character.codePointAt(0) ?? 0);
  return bytes;
}

/** What one UTF-16 unit takes at most: an escape. */
const MOST_BYTES = 6;
const SHORT_ESCAPES: ReadonlySet<number> = new Set(
  Array.from('"\\\b\t\n\f\r', (character) => character.charCodeAt(0)),
);

function bytesOf(point: number): number {
  if (SHORT_ESCAPES.has(point)) return 2;
  if (point < 0x20 || point === 0x85) return MOST_BYTES;
  if (point < 0x80) return 1;
  if (point < 0x8_00) return 2;
  if (point > 0xff_ff) return 4;
  const isEscaped = point === 0x20_28 || point === 0x20_29 || (point >= 0xd8_00 && point < 0xe0_00);
  return isEscaped ? MOST_BYTES : 3;
}
