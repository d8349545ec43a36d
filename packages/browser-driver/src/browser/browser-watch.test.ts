import { silentLog } from '@aistudio/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Browser } from 'playwright';

import { openContext, watchBrowser } from './browser-watch.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A browser whose network service can be replaced, and the names of its open contexts. */
function fakeBrowser(hasNetworkService = true): {
  browser: Browser;
  replaceNetworkService: () => void;
  open: string[];
} {
  let id = hasNetworkService ? 1 : 0;
  const open: string[] = [];
  const toContext = (name: string): object => ({
    close: () => Promise.resolve(void open.splice(open.indexOf(name), 1)),
  });
  const session = {
    send: async () => ({
      processInfo: id === 0 ? [] : [{ type: 'network.mojom.NetworkService', id }],
    }),
  };
  const browser = {
    newBrowserCDPSession: () => Promise.resolve(session),
    contexts: () => open.map(toContext),
    newContext: ({ locale = '' }) => Promise.resolve(void open.push(locale)),
    on: () => undefined,
    isConnected: () => true,
  };
  return {
    browser: browser as unknown as Browser,
    replaceNetworkService: () => void (id += 1),
    open,
  };
}

describe('a network service that dies', () => {
  it('costs the contexts that there were, soon', async () => {
    const { browser, replaceNetworkService, open } = fakeBrowser();
    await watchBrowser(browser, silentLog);
    await openContext(browser, { locale: 'before' });
    await jest.advanceTimersByTimeAsync(3000);
    expect(open).toEqual(['before']);
    replaceNetworkService();
    await jest.advanceTimersByTimeAsync(1000);
    expect(open).toEqual([]);
  });

  it('is noticed also where it started only after the browser', async () => {
    const { browser, replaceNetworkService, open } = fakeBrowser(false);
    await watchBrowser(browser, silentLog);
    await openContext(browser, { locale: 'before' });
    replaceNetworkService(); // the first one
    await jest.advanceTimersByTimeAsync(100);
    replaceNetworkService();
    await jest.advanceTimersByTimeAsync(3000);
    expect(open).toEqual([]);
  });

  it('costs no context that was opened after its death, also before that was noticed', async () => {
    const { browser, replaceNetworkService, open } = fakeBrowser();
    await watchBrowser(browser, silentLog);
    await openContext(browser, { locale: 'before' });
    replaceNetworkService();
    await openContext(browser, { locale: 'after' });
    expect(open).toEqual(['after']);
    await jest.advanceTimersByTimeAsync(3000);
    expect(open).toEqual(['after']);
  });
});
