import { type Log } from '@aistudio/core';

import { type Browser } from './browser.ts';

/** The browser of this worker: started when needed, started again when it died. */
export interface BrowserHost extends AsyncDisposable {
  /**
   * The running browser; starts one if there is none, or if that one does not trust the key with
   * this pin. A browser replaced in this way lives on until its last page is closed. Rejects once the
   * host is disposed: whoever is late must not start a browser that nobody would end.
   */
  get(pin?: string): Promise<Browser>;
  /** Ends the present browser, whatever state it is in; the next `get` starts another. */
  discard(): Promise<void>;
}

/** Keeps one browser. `launch` starts one that trusts the key with this pin, if one is given. */
export function createBrowserHost(
  launch: (pin: string | undefined) => Promise<Browser>,
  log: Log,
): BrowserHost {
  let current: Promise<Browser> | undefined;
  let trusted: string | undefined;
  let isDisposed = false;
  const isWanted = new WeakSet<Browser>();

  const start = async (pin: string | undefined): Promise<Browser> => {
    const browser = await launch(pin);
    browser.on('disconnected', () => {
      if (!isWanted.has(browser)) return;
      current = undefined;
      log.warn('browser gone');
    });
    isWanted.add(browser);
    return browser;
  };

  const retire = (browser: Browser): void => {
    isWanted.delete(browser);
    const closeIfUnused = (): void => {
      if (browser.contexts().length === 0) browser.close().catch(() => undefined); // it was dead
    };
    for (const context of browser.contexts()) context.on('close', closeIfUnused);
    closeIfUnused();
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
    get(pin) {
      if (isDisposed) return Promise.reject(new Error('the worker is stopping'));
      if (current && pin !== undefined && pin !== trusted) {
        current.then(retire, () => undefined); // one that never came up needs no end
        current = undefined;
      }
      if (!current) {
        trusted = pin;
        current = start(pin).catch((error: unknown) => {
          current = undefined;
          throw error;
        });
      }
      return current;
    },
    discard,
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      await discard();
    },
  };
}
