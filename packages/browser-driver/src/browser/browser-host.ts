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
  /**
   * Lets the next `get` start another browser, unless this one, as `get` gave it, is not the present one
   * any more. Pages that others have in it live on; it ends with the last of them.
   */
  replace(browser: Browser): void;
  /** Whether the browser is the one that `get` gives. */
  isCurrent(browser: Browser): boolean;
}

/** A browser that was started. */
interface Running {
  readonly pin: string | undefined;
  readonly started: Promise<Browser>;
  /** Once it is up. */
  browser: Browser | undefined;
}

/** Keeps one browser. `launch` starts one that trusts the key with this pin, if one is given. */
export function createBrowserHost(
  launch: (pin: string | undefined) => Promise<Browser>,
  log: Log,
): BrowserHost {
  let current: Running | undefined;
  let isDisposed = false;

  const start = (pin: string | undefined): Running => {
    const end = (): void => {
      if (current === running) current = undefined;
    };
    const launchBrowser = async (): Promise<Browser> => {
      try {
        const browser = await launch(pin);
        running.browser = browser;
        browser.on('disconnected', () => {
          if (current === running) log.warn('browser gone');
          end();
        });
        return browser;
      } catch (error) {
        end();
        throw error;
      }
    };
    const running: Running = { pin, browser: undefined, started: launchBrowser() };
    return running;
  };

  /** Ends a browser that `get` no longer gives, once nobody has a page in it. */
  const retire = async ({ started }: Running): Promise<void> => {
    const browser = await started.catch(() => undefined); // it never came up
    if (!browser) return;
    const closeIfUnused = (): void => {
      if (browser.contexts().length === 0) browser.close().catch(() => undefined); // it was dead
    };
    for (const context of browser.contexts()) context.on('close', closeIfUnused);
    closeIfUnused();
  };

  return {
    get(pin) {
      if (isDisposed) return Promise.reject(new Error('the worker is stopping'));
      if (current && pin !== undefined && pin !== current.pin) {
        void retire(current);
        current = undefined;
      }
      current ??= start(pin);
      return current.started;
    },
    replace(browser) {
      if (!current || current.browser !== browser) return;
      void retire(current);
      current = undefined;
    },
    isCurrent: (browser) => current?.browser === browser,
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      const last = current;
      current = undefined;
      const browser = await last?.started.catch(() => undefined); // it never came up
      await browser?.close().catch(() => undefined); // it was dead already
    },
  };
}
