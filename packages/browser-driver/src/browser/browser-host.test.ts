import { EventEmitter } from 'node:events';

import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { createBrowserHost } from './browser-host.ts';
import { type Browser } from './browser.ts';

/** As much of a browser as a host looks at. */
class FakeBrowser extends EventEmitter {
  isClosed = false;
  readonly pages: EventEmitter[] = [];
  contexts = (): EventEmitter[] => this.pages;
  openPage(): EventEmitter {
    const page = new EventEmitter();
    page.once('close', () => this.pages.splice(this.pages.indexOf(page), 1));
    this.pages.push(page);
    return page;
  }
  async close(): Promise<void> {
    this.isClosed = true;
    this.emit('disconnected');
  }
}

function start(): {
  host: ReturnType<typeof createBrowserHost>;
  launched: { pin: string | undefined; browser: FakeBrowser }[];
} {
  const launched: { pin: string | undefined; browser: FakeBrowser }[] = [];
  const host = createBrowserHost(async (pin) => {
    const browser = new FakeBrowser();
    launched.push({ pin, browser });
    return browser as unknown as Browser;
  }, silentLog);
  return { host, launched };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a browser host', () => {
  it('starts one browser for all, and another when that one is gone', async () => {
    const { host, launched } = start();
    await Promise.all([host.get('a'), host.get('a'), host.get()]);
    expect(launched).toHaveLength(1);
    launched[0]!.browser.emit('disconnected');
    await host.get('a');
    expect(launched).toHaveLength(2);
  });

  it('starts another for a new key, and ends the old one with its last page', async () => {
    const { host, launched } = start();
    await host.get();
    const old = launched[0]!.browser;
    const page = old.openPage();
    await host.get('new key');
    await settled();
    expect(launched.map(({ pin }) => pin)).toEqual([undefined, 'new key']);
    expect(old.isClosed).toBe(false);
    page.emit('close');
    expect(old.isClosed).toBe(true);
    await host.get('new key');
    await host.get(); // any will do
    expect(launched).toHaveLength(2);
  });

  it('ends an old one without pages at once', async () => {
    const { host, launched } = start();
    await host.get('a');
    await host.get('b');
    await settled();
    expect(launched[0]!.browser.isClosed).toBe(true);
  });

  it('replaces a browser for one slot without ending it for the others', async () => {
    const { host, launched } = start();
    const sick = await host.get();
    const page = launched[0]!.browser.openPage(); // somebody's answer comes there
    host.replace(sick);
    expect(host.isCurrent(sick)).toBe(false);
    const next = await host.get();
    expect(next).not.toBe(sick);
    expect(launched[0]!.browser.isClosed).toBe(false);
    await settled();
    page.emit('close');
    expect(launched[0]!.browser.isClosed).toBe(true);
    expect(host.isCurrent(next)).toBe(true);
  });

  it('replaces a browser once, whoever asks for it', async () => {
    const { host, launched } = start();
    const sick = await host.get();
    host.replace(sick);
    const next = await host.get();
    host.replace(sick); // another slot, which was in it too
    expect(await host.get()).toBe(next);
    expect(launched).toHaveLength(2);
  });

  it('tries again after a failed start', async () => {
    let attempts = 0;
    const host = createBrowserHost(async () => {
      if (++attempts === 1) throw new Error('no browser');
      return new FakeBrowser() as unknown as Browser;
    }, silentLog);
    await expect(host.get('a')).rejects.toThrow('no browser');
    await expect(host.get('a')).resolves.toBeInstanceOf(FakeBrowser);
  });

  it('starts none once it is disposed', async () => {
    const { host, launched } = start();
    await host.get();
    await host[Symbol.asyncDispose]();
    await expect(host.get()).rejects.toThrow('stopping');
    expect(launched.map(({ browser }) => browser.isClosed)).toEqual([true]);
  });
});
