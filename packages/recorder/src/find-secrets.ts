import { isPlaceholder } from './placeholders.ts';
import { type Recording } from './recording.ts';

/** Something in a recording that must not leave the machine. Its value is not repeated. */
export interface Secret {
  readonly kind: string;
  /** Where: a step's or a call's name. */
  readonly where: string;
}

/** Patterns of what is never shared. A match that is all placeholder is none. */
const PATTERNS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['e-mail address', /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu],
  ['IP address', /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g],
  ['IP address', /(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])/gi],
  [
    'postal address',
    /\b\d{1,5}[a-z]?,? (?:\p{Lu}[\p{L}.'-]+ ){1,3}(?:street|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|way)\b\.?/giu,
  ],
  ['postal address', /\p{L}{3,}(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|allee) \d{1,4}[a-z]?\b/giu],
  ['telephone number', /\+\d[\d ()/-]{7,}\d/g],
  ['API key', /AIza[\w-]{20,}/g],
  ['API key', /\b(?:sk|rk|pk)-[\w-]{16,}/g],
  [
    'API key',
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\b(?:gh[pousr]_|github_pat_|xox[abpr]-|glpat-)[\w-]{10,}/g,
  ],
  ['access token', /ya29\.[\w-]+/g],
  ['access token', /\b1\/\/0[\w-]{20,}/g],
  ['access token', /\beyJ[\w-]{8,}\.[\w-]{8,}/g],
  ['access token', /\bBearer [\w.~+/-]{8,}/gi],
  ['cookie', /\b(?:__Secure-\w+|(?:SAP|AP|H|S|L)?S?ID|SIDCC|NID|OSID)\s*=\s*[\w.-]{6,}/g],
  ['cookie', /\bSAPISID\w*/g],
  ['private key', /-----BEGIN [A-Z ]*PRIVATE KEY/g],
];
/** Anything that could be a token: looked at more closely. */
const LONG_WORD = /[A-Za-z0-9+/_=-]{24,}/g;
/** Bits per character from which a long word with digits counts as random. */
const RANDOM_BITS = 3;
/** A cookie's value shorter than this is a flag. */
const SHORTEST_COOKIE = 6;

/**
 * What in a recording must not be shared; empty: nothing was found. `values`: exact strings that
 * must not occur either, such as the values of the browser's cookies.
 */
export function findSecrets(recording: Recording, values: readonly string[] = []): Secret[] {
  const secrets: Secret[] = [];
  const sought = values.filter((value) => value.length >= SHORTEST_COOKIE);
  const look = (text: string, where: string): void => {
    for (const [kind, pattern] of PATTERNS) {
      const found = Array.from(text.matchAll(pattern), ([match]) => match);
      if (found.some((match) => !isPlaceholder(match))) secrets.push({ kind, where });
    }
    for (const [word] of text.matchAll(LONG_WORD)) {
      if (!isPlaceholder(word) && isRandom(word)) secrets.push({ kind: 'random string', where });
    }
    if (sought.some((value) => text.includes(value))) secrets.push({ kind: 'cookie', where });
  };
  const walk = (value: unknown, where: string): void => {
    if (typeof value === 'string') look(value, where);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        if (!Array.isArray(value)) look(key, where);
        walk(item, where);
      }
    }
  };
  const { steps, calls, ...rest } = recording;
  for (const step of steps) walk(step, `step "${step.name}"`);
  for (const call of calls) walk(call, `call ${call.method}`);
  walk(rest, 'head');
  const seen = new Set<string>();
  return secrets.filter(({ kind, where }) => {
    const key = `${kind} ${where}`;
    return !seen.has(key) && Boolean(seen.add(key));
  });
}

/** Digits among letters, and hardly any repetition: no class of a style sheet is like that. */
function isRandom(word: string): boolean {
  const hasDigits = word.replaceAll(/\D/g, '').length >= 3;
  const hasLetters = /[A-Za-z]/.test(word);
  return hasDigits && hasLetters && entropyOf(word) >= RANDOM_BITS && !isNamed(word);
}

/** Whether it is made of words with a number here and there (`select-value-12`, `gemma-3-27b-it`). */
function isNamed(word: string): boolean {
  return word
    .split(/[-_/=+]/)
    .every((part) => /^\d{0,4}[A-Za-z]?[a-z]{0,24}\d{0,4}[a-z]?$/.test(part));
}

function entropyOf(word: string): number {
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values())
    bits -= (count / word.length) * Math.log2(count / word.length);
  return bits;
}
