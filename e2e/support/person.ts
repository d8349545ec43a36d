import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { chromium, type Page } from 'playwright';

import { findChromium } from '../../packages/browser-driver/src/browser/browser.ts';

/** Stands in for the person before a browser window, on a machine without a screen. */
export interface Person {
  /** To be CHROMIUM_PATH: a browser without a screen, whose window the person sees all the same. */
  readonly chromiumPath: string;
  /** Signs in in the window, as soon as there is one that asks for it. */
  signIn(): Promise<void>;
  /** Closes the window instead. */
  closeWindow(): Promise<void>;
}

const ASKS_TO_SIGN_IN = /^https:\/\/(?:accounts\.google\.com\/|aistudio\.google\.com\/.*welcome)/;

/** Somebody whose browser takes orders on this port. `folder` gets a script. */
export async function createPerson(folder: string, port: number): Promise<Person> {
  const chromiumPath = join(folder, `chromium-${port}`);
  const script = `#!/bin/sh
exec '${findChromium(undefined)}' --headless=new --remote-debugging-port=${port} "$@"
`;
  await writeFile(chromiumPath, script);
  await chmod(chromiumPath, 0o755);

  const withWindow = async (act: (page: Page) => Promise<void>): Promise<void> => {
    const signal = AbortSignal.timeout(60_000);
    for (;;) {
      signal.throwIfAborted();
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`).catch(() => null);
      const pages = browser?.contexts().flatMap((context) => context.pages()) ?? [];
      const page = pages.find((shown) => ASKS_TO_SIGN_IN.test(shown.url()));
      try {
        if (page) await act(page);
      } finally {
        await browser?.close(); // only our connection to it
      }
      if (page) return;
      await delay(100);
    }
  };

  return {
    chromiumPath,
    signIn: () =>
      withWindow(async (page) => {
        const isWelcome = page.url().includes('/welcome');
        if (isWelcome) await page.getByRole('link', { name: 'Get started' }).click();
        await page.getByLabel('Email or phone').fill('somebody@example.org');
        await page.getByLabel('Enter your password').fill('of the simulator');
        await page.getByRole('button', { name: 'Next' }).click();
      }),
    closeWindow: () => withWindow((page) => page.close()),
  };
}
