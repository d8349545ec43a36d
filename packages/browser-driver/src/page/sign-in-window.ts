import { hasSession, Profile, StudioError } from '@aistudio/core';
import { type BrowserContext, type Page } from 'playwright';

import { HOME } from './location.ts';
import { untilSignedIn } from './sign-in-watch.ts';

/**
 * Shows AI Studio in this window and waits, as long as it takes, until a person has signed in, in
 * whichever tab. Gives the sign-in. Throws `not_signed_in` when the window is closed before.
 */
export async function signInByHand(window: BrowserContext): Promise<Profile> {
  const page = window.pages()[0] ?? (await window.newPage());
  const signedIn = new Promise<void>((resolve, reject) => {
    const watch = (tab: Page): void => {
      untilSignedIn(tab).then(resolve, () => undefined); // this tab was closed: there are others
    };
    window.on('page', watch);
    window.once('close', () => reject(closed()));
    for (const tab of window.pages()) {
      watch(tab);
      tab.once('close', () => {
        if (window.pages().length === 0) reject(closed());
      });
    }
  });
  signedIn.catch(() => undefined); // heard below
  await page.goto(HOME, { waitUntil: 'commit' });
  await signedIn;
  const profile = Profile.parse(await window.storageState());
  if (hasSession(profile)) return profile;
  throw new StudioError(
    'not_signed_in',
    'AI Studio opened, but the browser has no cookies of a sign-in to Google. Nothing was saved.',
  );
}

const closed = (): StudioError =>
  new StudioError('not_signed_in', 'The window was closed before the sign-in. Nothing was saved.');
