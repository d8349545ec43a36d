import { isModelId } from './vocabulary.ts';

/** The longest word of a name in code, letters. */
const LONGEST_WORD = 24;
/** The longest run of digits in it: longer ones are ids. */
const MOST_DIGITS = 4;

/**
 * Whether a class, an id or another name in code is made of ordinary words: no random id, no token,
 * no address.
 */
export function isCode(value: string): boolean {
  if (isKeptNumber(value) || isModelId(value)) return true;
  if (!/^[A-Za-z_#][\w-]*$/.test(value) || value.length > 100) return false;
  if (new RegExp(String.raw`\d{${MOST_DIGITS + 1},}`).test(value)) return false;
  return value.split(/[-_]/).every(isWord);
}

/** Whether a value is a setting's: a small number, perhaps with a fraction or `%`. */
export const isKeptNumber = (value: string): boolean => /^-?\d{1,7}(?:\.\d{1,4})?%?$/.test(value);

/** Words change from letters to digits at most once, and not often from small letters to capitals. */
function isWord(word: string): boolean {
  if (word.split(/(?<=[a-z])(?=[A-Z])/).some((part) => part.length > LONGEST_WORD)) return false;
  if (!/^[A-Za-z]*\d*$/.test(word)) return false;
  const capitals = word.replaceAll(/[^A-Z]/g, '').length;
  return capitals <= 1 || capitals * 3 <= word.length || word === word.toUpperCase();
}
