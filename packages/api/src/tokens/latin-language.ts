import { words } from './common-words.ts';

/** Words that a text in one of these languages can hardly do without; each is one token. */
const COMMON = {
  english: words(
    'the of and to in is that for it with as was on be are this by you your an or a at not from have has when if we what how can',
  ),
  german: words(
    'der die das und ist ein eine einen einem einer zu den dem des mit nicht sich wir von vom im am um auf aus für oder sie ich man wenn dass als auch noch es wird werden wurde sind war waren er uns mir mich dir mein meine ihr ihre ihren sein seine hat habe haben kann können muss soll sollen bei nach vor über unter durch an so nur aber wie was wer wo mehr sehr schon immer alle alles diese dieser dieses jeder zum zur bis ab heute jetzt dann hier da gut neue neuen neues ganz zwei drei zeit jahr',
  ),
  french: words(
    'le la les des du et un une que qui en dans est vous pour par au aux ne pas je il elle ce sur avec mais cette sont de se on ils nous son sa ses leur leurs plus ou où y été être avoir fait si tout tous même comme aussi très bien peut deux cela elles entre après avant sans sous votre vos mon ma notre',
  ),
  spanish: words(
    'el la los las de que y en un una por con para del al su se lo más como no pero si es este ha le cada sus a o son muy ya también entre sobre todo todos cuando hay fue ser esta han puede hasta desde sin años día dos',
  ),
  polish: words(
    'na nie jest się że po jak ale od przez co był tym które dla ich tak czy może jego',
  ),
  turkish: words('ve bir bu da de ile için ama çok olarak daha gibi sonra her ne kadar ise'),
  vietnamese: words(
    'và là của có cho không khi bạn một những trong được với các để người đã ở đến nên',
  ),
} as const;

/** A language that is written in Latin letters and told from the others; `latin` = any other. */
export type LatinLanguage = keyof typeof COMMON | 'latin';

const LANGUAGES = Object.keys(COMMON).filter((name): name is keyof typeof COMMON => name in COMMON);

/** The least share of a line's words that tells its language. */
const MIN_SHARE = 0.12;
/** The share of words with marks on their letters above which a line is not English. */
const MARKED_SHARE = 0.15;

/**
 * The language of these words, as far as their tokens differ. What has too few common words of any
 * language counts as English, as code does, unless many of its letters carry marks.
 */
export function languageOf(line: readonly string[]): LatinLanguage {
  let best: LatinLanguage = 'latin';
  let most = MIN_SHARE * line.length;
  for (const language of LANGUAGES) {
    const count = line.filter((word) => isCommon(word, language)).length;
    if (count > most) [best, most] = [language, count];
  }
  if (best !== 'latin') return best;
  const marked = line.filter((word) => /[^\0-\x7f]/.test(word)).length;
  return marked > MARKED_SHARE * line.length ? 'latin' : 'english';
}

/** Whether a word is among the commonest of its language. */
export const isCommon = (word: string, language: LatinLanguage): boolean =>
  language !== 'latin' && COMMON[language].has(word.toLowerCase());
