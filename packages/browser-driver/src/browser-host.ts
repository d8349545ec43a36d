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

  const start = async (): Promise<Browser> => {
    const browser = await launch();
    browser.on('disconnected', () => {
      current = undefined;
      log.warn('browser gone');
    });
    return browser;
  };

  const discard = async (): Promise<void> => {
    const old = current;
    current = undefined;
    await old?.then((browser) => browser.close()).catch(() => undefined); // it was dead already
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
