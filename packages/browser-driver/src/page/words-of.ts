/** So much of a prompt is looked at, and so much of one word, characters: the time must not grow with either. */
const BEGINNING = 20_000;
const WORDS = /[\p{L}\p{N}]{1,40}(?: [\p{L}\p{N}]{1,40}){2,8}/u;

/** A run of plain words, which a page shows as they are, however it renders the rest. */
export const wordsOf = (text: string): string => WORDS.exec(text.slice(0, BEGINNING))?.[0] ?? '';
