import { type Options } from '../control/options.ts';

/** The texts that a build of the page translates; all others are English in every build (page.md §0). */
export interface Messages {
  readonly spendingCap: string;
  readonly internal: string;
  readonly cookies: string;
  readonly acceptCookies: string;
}

const TEXTS: Readonly<Record<Options['messages'], Messages>> = {
  en: {
    spendingCap: 'Your project has exceeded its monthly spending cap.',
    internal: 'An internal error has occurred.',
    cookies: 'This site uses cookies from Google.',
    acceptCookies: 'OK, got it',
  },
  de: {
    spendingCap: 'Ihr Projekt hat sein monatliches Ausgabenlimit überschritten.',
    internal: 'Ein interner Fehler ist aufgetreten.',
    cookies: 'Auf dieser Website werden Cookies von Google verwendet.',
    acceptCookies: 'Ausblenden',
  },
};

/** The texts in a language. */
export function messagesIn(language: Options['messages']): Messages {
  return TEXTS[language];
}
