import { type Log } from '@aistudio/core';

import { type Browser } from './browser.ts';

/** The one browser of this worker: started when needed, started again when it died. */
export interface BrowserHost extends AsyncDisposable {
  /** The running browser; starts one if there is none. */
  get(): Promise<Browser>;
  /** Ends the present browser, whatever state it is in; the next `get` starts another. */
  discard(): Promise<void>;
}

/** Keeps one browser. `launch` starts it. */
export function createBrowserHost(launch: () => Promise<Browser>, log: Log): BrowserHost {
  let current: Promise<Browser> | undefined;
  const isWanted = new WeakSet<Browser>();

  const start = async (): Promise<Browser> => {
    const browser = await launch();
    browser.on('disconnected', () => {
      if (!isWanted.has(browser)) return;
      current = undefined;
      log.warn('browser gone');
    });
    isWanted.add(browser);
    return browser;
  };

  const discard = async (): Promise<void> => {
    const old = current;
    current = undefined;
    const browser = await old?.catch(() => undefined); // it never came up
    if (!browser) return;
    isWanted.delete(browser);
    await browser.close().catch(() => undefined); // it was dead already
  };

  return {
    get() {
      current ??= start().catch((error: unknown) => {
        current = undefined;
        throw error;
      });
      return current;
    },
    discard,
    [Symbol.asyncDispose]: discard,
  };
}
