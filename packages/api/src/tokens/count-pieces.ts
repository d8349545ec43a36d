import { COMMON_WORDS } from './common-words.ts';
import { isCommon, type LatinLanguage, languageOf } from './latin-language.ts';

/** A piece of text, of a kind whose tokens are told by their number. */
export type Piece =
  | `${LatinLanguage}Word`
  | 'longWordLetter'
  | 'markedWord'
  | 'commonLatin'
  | 'foreignLetter'
  | 'capitals'
  | 'capitalLetter'
  | 'cyrillicWord'
  | 'hanWord'
  | 'hanPair'
  | 'hanLetter'
  | 'traditionalHan'
  | 'hanAmongKana'
  | 'hanPairAmongKana'
  | 'hanLetterAmongKana'
  | 'katakanaWord'
  | 'commonKana'
  | 'kanaWord'
  | 'kanaLetter'
  | 'commonHangul'
  | 'hangulWord'
  | 'commonThai'
  | 'unspacedWord'
  | 'commonSemitic'
  | 'semiticWord'
  | 'semiticLetter'
  | 'commonIndic'
  | 'indicWord'
  | 'otherLetter'
  | 'digit'
  | 'signs'
  | 'sign'
  | 'symbol'
  | 'emoji'
  | 'blank';

type Add = (piece: Piece, count?: number) => void;

/** A class of characters, and what a run of them counts as. */
interface Kind {
  readonly pattern: string;
  /** `hasKana`: the text is Japanese, so its Han characters are read otherwise than in Chinese. */
  count(run: string, add: Add, hasKana: boolean): void;
}

/**
 * Words mostly stand between spaces; where they do not, it takes a dictionary, which ICU has. It needs
 * time by the square of a run's length: {@link LONGEST_RUN} keeps that small.
 */
const dictionary = new Intl.Segmenter('ja', { granularity: 'word' });
const dictionaryWords = (text: string): string[] =>
  Array.from(dictionary.segment(text), ({ segment }) => segment);

/** Characters of one run of a script without spaces; what goes on is another run. */
const LONGEST_RUN = 128;

/** Polite endings that the dictionary cuts up. */
const KANA_PHRASES =
  /(ございます|ください|ありがとう|ました|ません|ましょう|でしょう|している|ている)/;
/** The commonest characters that simplified Chinese writes otherwise. */
const TRADITIONAL = /[這個們來時說對會為過還後學開關東車長門問間語點書國經現發動實與幾張從沒]/gu;
/** Parts of an identifier: `parseHTTPBody` has three. */
const HUMPS = /\p{Lu}?[\p{Ll}\p{Mn}]+|\p{Lu}+(?!\p{Ll})|\p{L}/gu;

/** Runs of letters of these scripts, with their marks. */
const scripts = (...names: readonly string[]): string =>
  String.raw`[${names.map((name) => String.raw`\p{Script=${name}}`).join('')}\p{Mn}\p{Mc}]+`;

const LATIN = scripts('Latin');

const KINDS: readonly Kind[] = [
  {
    pattern: scripts('Cyrillic', 'Greek', 'Armenian', 'Georgian'),
    count: (_run, add) => add('cyrillicWord'),
  },
  {
    pattern: String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{1,${LONGEST_RUN}}`,
    count: addHan,
  },
  {
    pattern: scripts('Hangul'),
    count(run, add) {
      if (COMMON_WORDS.hangul.has(run)) return add('commonHangul');
      add('hangulWord');
    },
  },
  {
    pattern: String.raw`[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{1,${LONGEST_RUN}}`,
    count(run, add) {
      for (const word of dictionaryWords(run)) {
        add(COMMON_WORDS.thai.has(word) ? 'commonThai' : 'unspacedWord');
      }
    },
  },
  {
    pattern: scripts('Arabic', 'Hebrew'),
    count(run, add) {
      if (COMMON_WORDS.semitic.has(run)) return add('commonSemitic');
      add('semiticWord');
      add('semiticLetter', run.length);
    },
  },
  {
    pattern: scripts('Devanagari', 'Bengali', 'Gujarati', 'Gurmukhi', 'Tamil', 'Telugu', 'Kannada'),
    count: (run, add) => add(COMMON_WORDS.indic.has(run) ? 'commonIndic' : 'indicWord'),
  },
  { pattern: String.raw`\p{L}+`, count: (run, add) => add('otherLetter', run.length) },
  // A space before a digit is a token of its own; before a word it is part of the word's.
  { pattern: String.raw` ?\p{Nd}`, count: (run, add) => add('digit', run.length) },
  { pattern: String.raw`\n+|[ \t]{2,}|\t`, count: (_run, add) => add('blank') },
  {
    pattern: String.raw`[!-/:-@[-\x60{-~]+`,
    count(run, add) {
      add('signs');
      add('sign', run.length - 1);
    },
  },
  {
    pattern: String.raw`[\p{Extended_Pictographic}\p{RI}\u200d\ufe0f\u{1f3fb}-\u{1f3ff}]`,
    count: (_run, add) => add('emoji'),
  },
  { pattern: String.raw`\S`, count: (_run, add) => add('symbol') },
];

const RUNS = new RegExp(
  [LATIN, ...KINDS.map(({ pattern }) => pattern)].map((pattern) => `(${pattern})`).join('|'),
  'gu',
);

/** How many pieces of each kind `text` has. Takes time linear in its length. */
export function countPieces(text: string): ReadonlyMap<Piece, number> {
  const counts = new Map<Piece, number>();
  const add: Add = (piece, count = 1) => {
    if (count > 0) counts.set(piece, (counts.get(piece) ?? 0) + count);
  };
  const hasKana = /\p{Script=Hiragana}/u.test(text);
  let latin: string[] = []; // of one line: lines may differ in language
  for (const [run, ...groups] of text.matchAll(RUNS)) {
    const kind = KINDS[groups.findIndex((group) => group !== undefined) - 1];
    if (kind) kind.count(run, add, hasKana);
    else latin.push(run);
    if (!run.startsWith('\n')) continue;
    addLatin(latin, add);
    latin = [];
  }
  addLatin(latin, add);
  return counts;
}

function addLatin(words: readonly string[], add: Add): void {
  const language = languageOf(words);
  if (language !== 'english') {
    for (const word of words) {
      if (isCommon(word, language)) add('commonLatin');
      else {
        add(`${language}Word`);
        add('foreignLetter', word.length - 8);
        if (/[^\0-\x7f]/.test(word)) add('markedWord');
      }
    }
    return;
  }
  for (const hump of words.flatMap((word) => word.match(HUMPS) ?? [])) {
    if (/^\p{Lu}{2}/u.test(hump)) {
      add('capitals');
      add('capitalLetter', hump.length - 2);
    } else {
      add('englishWord');
      add('longWordLetter', hump.length - 8);
    }
  }
}

function addHan(run: string, add: Add, hasKana: boolean): void {
  for (const part of run.split(KANA_PHRASES)) {
    const words = COMMON_WORDS.kana.has(part) ? [part] : dictionaryWords(part);
    for (const word of words) addHanWord(word, add, hasKana);
  }
}

function addHanWord(word: string, add: Add, hasKana: boolean): void {
  if (COMMON_WORDS.kana.has(word)) return add('commonKana');
  if (/^[\p{Script=Katakana}ー]+$/u.test(word)) return add('katakanaWord');
  if (!/^\p{Script=Han}+$/u.test(word)) {
    add('kanaWord');
    return add('kanaLetter', word.length);
  }
  const { length } = word;
  if (hasKana) {
    if (length < 3) return add(length === 1 ? 'hanAmongKana' : 'hanPairAmongKana');
    return add('hanLetterAmongKana', length);
  }
  add('traditionalHan', word.match(TRADITIONAL)?.length ?? 0);
  if (length < 3) return add(length === 1 ? 'hanWord' : 'hanPair');
  add('hanLetter', length);
}
