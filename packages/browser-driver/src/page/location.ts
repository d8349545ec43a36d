import { type ErrorCode, StudioError } from '@aistudio/core';

/** AI Studio's origin, and the empty chat on it: the driver's home (page.md §1). */
export const ORIGIN = 'https://aistudio.google.com';
export const HOME = `${ORIGIN}/prompts/new_chat`;

/** The empty chat of one of several accounts that are signed in, by AUTH_USER; 0 is the first. */
export const homeOf = (authUser: number): string =>
  authUser === 0 ? HOME : `${ORIGIN}/u/${authUser}/prompts/new_chat`;

/** AI Studio cannot be used at all until a person does something. */
export class UnusableError extends StudioError {
  override readonly name = 'UnusableError';
}

/** A place where no chat can be had, and what that means. */
interface Place {
  /** On the whole address, or on the path behind the account's number. */
  readonly on: 'href' | 'path' | 'title';
  /** Source of a case-insensitive regular expression. */
  readonly pattern: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** False: it may work again by itself. */
  readonly isForPerson: boolean;
}

const PLACES: readonly Place[] = [
  {
    on: 'href',
    pattern: '^https://accounts\\.google\\.com/',
    code: 'not_signed_in',
    message: 'AI Studio asks to sign in. Run `pnpm signin` and sign in to Google.',
    isForPerson: true,
  },
  {
    on: 'path',
    pattern: '^/welcome(/|$)',
    code: 'not_signed_in',
    message:
      'AI Studio shows its welcome page, as to somebody who is signed out. Run `pnpm signin` and sign in to Google.',
    isForPerson: true,
  },
  {
    on: 'href',
    pattern: 'available-regions',
    code: 'upstream_error',
    message: 'AI Studio is not available in the region this machine is in, or to this account.',
    isForPerson: true,
  },
  {
    on: 'title',
    pattern: 'available regions',
    code: 'upstream_error',
    message: 'AI Studio is not available in the region this machine is in, or to this account.',
    isForPerson: true,
  },
  {
    on: 'href',
    pattern: '^https://(support|workspace|knowledge\\.workspace)\\.google\\.com/',
    code: 'upstream_error',
    message:
      'AI Studio is switched off for this Workspace account. Its administrator can switch it on, or sign in with another account.',
    isForPerson: true,
  },
  {
    on: 'href',
    pattern: '^https://consent\\.google\\.com/',
    code: 'upstream_error',
    message: 'Google asks about cookies first. Run `pnpm signin` and answer it by hand.',
    isForPerson: true,
  },
  {
    on: 'path',
    pattern: '^/403(/|$)',
    code: 'upstream_error',
    message:
      'AI Studio restricts the access of this account. Open it in a browser by hand to see why.',
    isForPerson: true,
  },
  {
    on: 'href',
    pattern: 'prompt-access-restricted',
    code: 'upstream_error',
    message: 'AI Studio refuses access to this account. Open it in a browser by hand to see why.',
    isForPerson: true,
  },
  {
    on: 'title',
    pattern: '^403|forbidden',
    code: 'upstream_error',
    message: 'AI Studio refuses access to this account. Open it in a browser by hand to see why.',
    isForPerson: true,
  },
  {
    on: 'path',
    pattern: '^/404(/|$)',
    code: 'upstream_error',
    message: 'AI Studio has no page at the address of its new chat (404).',
    isForPerson: false,
  },
  {
    on: 'path',
    pattern: '^/(500|520)(/|$)',
    code: 'upstream_error',
    message: 'AI Studio failed to start (an internal error of the service). Try again in a minute.',
    isForPerson: false,
  },
  {
    on: 'href',
    pattern: '^chrome-error:',
    code: 'upstream_error',
    message: 'AI Studio cannot be reached from the browser.',
    isForPerson: false,
  },
];

/**
 * Throws a clear error when this is not a page on which a chat can be had (page.md §1):
 * `not_signed_in`, `upstream_error`; an {@link UnusableError} where only a person can change that.
 */
export function checkLocation(url: string, title = ''): void {
  const { href, origin, pathname } = new URL(url);
  const path = origin === ORIGIN ? pathname.replace(/^\/u\/\d+(?=\/)|^\/app(?=\/)/g, '') : '';
  const parts = { href, path, title };
  const place = PLACES.find(({ on, pattern }) => new RegExp(pattern, 'i').test(parts[on]));
  if (!place) return;
  throw place.isForPerson
    ? new UnusableError(place.code, place.message)
    : new StudioError(place.code, place.message);
}
