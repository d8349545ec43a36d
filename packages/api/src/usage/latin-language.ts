/** Words that a text in one of these languages can hardly do without, and others do not have. */
const COMMON_WORDS = {
  english:
    'the of and to in is that for it with as was on be are this by you your an or a at not from have has when if we what it’s how can',
  german:
    'der die das und ist ein eine einen zu den mit nicht sich wir von dem im auf des für oder sie ich man wenn dass als auch noch es wird sind',
  french:
    'le la les des du et un une que qui en dans est vous pour par au aux ne pas je il elle ce sur avec mais cette sont de se',
  spanish:
    'el la los las de que en un una por con para del al su se lo más como no pero si es este ha le cada sus',
  polish: 'na nie jest się że po jak ale od przez co był tym które dla ich tak czy może jego',
  turkish: 've bir bu da de ile için ama çok olarak daha gibi sonra her ne kadar ise',
  vietnamese: 'và là của có cho không khi bạn một những trong được với các để người đã ở đến nên',
} as const;

/** A language that is written in Latin letters and told from the others; `latin` = any other. */
export type LatinLanguage = keyof typeof COMMON_WORDS | 'latin';

const LANGUAGES = Object.keys(COMMON_WORDS).filter(
  (name): name is keyof typeof COMMON_WORDS => name in COMMON_WORDS,
);

/** The languages that have a word in common use. */
const languagesOf = new Map<string, LatinLanguage[]>();
for (const language of LANGUAGES) {
  for (const word of COMMON_WORDS[language].split(' ')) {
    languagesOf.set(word, [...(languagesOf.get(word) ?? []), language]);
  }
}

/** The least share of a line's words that tells its language. */
const MIN_SHARE = 0.12;

/**
 * The language of these words, as far as their tokens differ. What has too few common words of any
 * language counts as English, as code does, unless many of its letters carry marks.
 */
export function languageOf(words: readonly string[]): LatinLanguage {
  const hits = new Map<LatinLanguage, number>();
  let marked = 0;
  for (const word of words) {
    if (/[^\0-\x7f]/.test(word)) marked += 1;
    for (const language of languagesOf.get(word.toLowerCase()) ?? []) {
      hits.set(language, (hits.get(language) ?? 0) + 1);
    }
  }
  const [best] = [...hits].toSorted(([, one], [, other]) => other - one);
  if (best && best[1] / words.length >= MIN_SHARE) return best[0];
  return marked / words.length > 0.15 ? 'latin' : 'english';
}
