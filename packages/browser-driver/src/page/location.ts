import { StudioError } from '@aistudio/core';

/** AI Studio's origin, and the empty chat on it: the driver's home (page.md §1). */
export const ORIGIN = 'https://aistudio.google.com';
export const HOME = `${ORIGIN}/prompts/new_chat`;

/** AI Studio cannot be used at all until a person does something. */
export class UnusableError extends StudioError {
  override readonly name = 'UnusableError';
}

/** Throws a clear error when this is not a page on which a chat can be had (page.md §1). */
export function checkLocation(url: string, title = ''): void {
  const { hostname, href } = new URL(url);
  if (hostname === 'accounts.google.com') {
    throw new UnusableError(
      'not_signed_in',
      'AI Studio asks to sign in. Run `pnpm signin` and sign in to Google.',
    );
  }
  if (/available-regions/i.test(href) || /available regions/i.test(title)) {
    throw new UnusableError(
      'upstream_error',
      'AI Studio is not available in the region this machine is in.',
    );
  }
  if (/^403|forbidden/i.test(title) || href.includes('prompt-access-restricted')) {
    throw new UnusableError(
      'upstream_error',
      'AI Studio refuses access to this account. Open it in a browser by hand to see why.',
    );
  }
  if (href.startsWith('chrome-error:')) {
    throw new StudioError('upstream_error', 'AI Studio cannot be reached from the browser.');
  }
}
