import { createHash, createHmac, randomBytes } from 'node:crypto';

/**
 * What placeholders are made of. So few characters that one sees at once what is a placeholder, and
 * that {@link isPlaceholder} knows it without a list.
 */
const LOWER = Array.from('jqxz');
const UPPER = Array.from('JQXZ');
const DIGITS = Array.from('479');
/** By the number of UTF-8 bytes, for letters and symbols outside ASCII. */
const WIDE: Readonly<Record<number, readonly string[]>> = {
  2: Array.from('ÿžźż'),
  3: Array.from('某甲乙丙'),
  4: Array.from('🔲🔳🔘🔴'),
};
const ALL = new Set([...LOWER, ...UPPER, ...DIGITS, ...Object.values(WIDE).flat(), '\uFFFD']);

/** Every character that stands for itself: neither letter, digit nor symbol. */
const KEPT = /^[\p{P}\p{Z}\p{Cc}$+<=>^`|~]$/u;

/** A string, a number, or a literal of JSON text. */
const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/gs;
const ESCAPE = /\\u[0-9a-fA-F]{4}|\\./gs;

/** Replaces what may be personal by placeholders of the same length and kind. */
export interface Placeholders {
  /**
   * The placeholder of a text: letters for letters, digits for digits; white space and punctuation
   * stay. The same text has the same placeholder, and one character more has a wholly different one.
   */
  readonly text: (value: string) => string;
  /** The same for each part of a name or an address (`models/…`, `https://…`), so that parts match. */
  readonly name: (value: string) => string;
  /** A number with as many digits. */
  readonly number: (value: number) => number;
}

/** Placeholders under one key. Nobody can tell a text from its placeholder once the key is gone. */
export function createPlaceholders(key: Uint8Array = randomBytes(32)): Placeholders {
  const text = (value: string): string => {
    const seed = createHmac('sha256', key).update(value).digest();
    const bytes = createHash('shake256', { outputLength: Math.max(1, value.length) })
      .update(seed)
      .digest();
    let index = 0;
    return Array.from(value, (character) => replace(character, bytes[index++] ?? 0)).join('');
  };
  const json = (value: string): string => {
    let result = '';
    let end = 0;
    for (const { 0: token, index } of value.matchAll(JSON_TOKEN)) {
      result += text(value.slice(end, index));
      result += token.startsWith('"') ? withEscapes(token, text) : token;
      end = index + token.length;
    }
    return result + text(value.slice(end));
  };

  return {
    text: (value) => (isJson(value) ? json(value) : text(value)),
    name: (value) =>
      value
        .split(/([/:?&=#,])/)
        .map((part) => text(part))
        .join(''),
    number(value) {
      const written = String(value);
      return written.includes('e') ? 0 : Number(text(written));
    },
  };
}

/** Whether a text holds no letter and no digit but those of placeholders. */
export function isPlaceholder(text: string): boolean {
  for (const character of text) {
    if (!ALL.has(character) && !KEPT.test(character)) return false;
  }
  return true;
}

function replace(character: string, random: number): string {
  if (KEPT.test(character)) return character;
  const choices = choicesFor(character);
  return choices[random % choices.length] ?? '';
}

function choicesFor(character: string): readonly string[] {
  if (/^[a-z]$/.test(character)) return LOWER;
  if (/^[A-Z]$/.test(character)) return UPPER;
  if (/^[0-9]$/.test(character)) return DIGITS;
  if (/^\p{Cs}$/u.test(character)) return ['\uFFFD']; // half of a pair, cut off
  return WIDE[Buffer.byteLength(character)] ?? LOWER;
}

/** Arrays and objects alone: a lone number or word is a text like any other. */
function isJson(value: string): boolean {
  if (!/^\s*[[{]/.test(value)) return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

/** Replaces what is between the escapes of a JSON string, and what the escapes spell. */
function withEscapes(token: string, text: (value: string) => string): string {
  let result = '"';
  let end = 1;
  for (const { 0: escape, index } of token.matchAll(ESCAPE)) {
    result += text(token.slice(end, index));
    result += escape.startsWith('\\u') ? '\\u4e59' : escape;
    end = index + escape.length;
  }
  return result + text(token.slice(end));
}
