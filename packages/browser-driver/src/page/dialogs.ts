import { type ElementName } from './selectors.ts';

/** What is being done while the page asks: the same question may then want another answer. */
export type Occasion = 'switch model';

/** How to deal with one thing that can stand in the way (page.md §8). */
export interface DialogStrategy {
  readonly name: string;
  /** Its sign on the page. */
  readonly sign: ElementName;
  /** Only while this is being done does the strategy apply. */
  readonly occasion?: Occasion;
  readonly answer:
    | { readonly type: 'press'; readonly button: ElementName }
    | { readonly type: 'escape' }
    | { readonly type: 'remove' }
    /** Only the person may answer it. */
    | { readonly type: 'refuse' };
}

/** One strategy each, in the order in which they are tried: the specific before the general. */
export const DIALOG_STRATEGIES: readonly DialogStrategy[] = [
  { name: 'survey', sign: 'survey', answer: { type: 'remove' } },
  { name: 'cookie bar', sign: 'cookieBar', answer: { type: 'press', button: 'cookieBar' } },
  { name: 'consent bar', sign: 'consentBar', answer: { type: 'press', button: 'consentBar' } },
  { name: 'promotion', sign: 'promo', answer: { type: 'press', button: 'promo' } },
  {
    name: 'preference vote',
    sign: 'preferenceVote',
    answer: { type: 'press', button: 'preferenceVote' },
  },
  {
    name: 'Drive permission',
    sign: 'driveDialog',
    answer: { type: 'press', button: 'driveCancel' },
  },
  {
    name: 'media consent',
    sign: 'mediaConsent',
    answer: { type: 'press', button: 'mediaAcknowledge' },
  },
  {
    name: 'paid usage',
    sign: 'paidUsageDialog',
    answer: { type: 'press', button: 'paidUsageClose' },
  },
  {
    name: 'switch of the model',
    sign: 'switchModelDialog',
    occasion: 'switch model',
    answer: { type: 'press', button: 'switchModelConfirm' },
  },
  {
    name: 'unwanted switch of the model',
    sign: 'switchModelDialog',
    answer: { type: 'press', button: 'switchModelCancel' },
  },
  { name: 'delete confirmation', sign: 'deleteDialog', answer: { type: 'escape' } },
  { name: 'terms of service', sign: 'termsDialog', answer: { type: 'refuse' } },
  { name: 'welcome', sign: 'welcomeDialog', answer: { type: 'press', button: 'welcomeAnswer' } },
  { name: 'side panel', sign: 'slidingPanel', answer: { type: 'press', button: 'closePanel' } },
  { name: 'discard', sign: 'discardDialog', answer: { type: 'press', button: 'discardCancel' } },
  { name: 'notice', sign: 'noticeDialog', answer: { type: 'press', button: 'noticeAnswer' } },
  { name: 'menu', sign: 'menu', answer: { type: 'escape' } },
  { name: 'inline dialog', sign: 'inlineDialog', answer: { type: 'escape' } },
  { name: 'omnibar', sign: 'omnibar', answer: { type: 'escape' } },
];

/** What clearing the page's overlays came to. */
export interface Clearing {
  /** Names of what was dealt with. */
  readonly dealtWith: readonly string[];
  /** What is still in the way: a strategy's name for what only a person may answer, or its text. */
  readonly blockedBy?: { readonly kind: 'refused' | 'unknown'; readonly what: string };
}
