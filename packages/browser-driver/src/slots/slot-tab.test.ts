import { describe, expect, it } from '@jest/globals';

import { type BrowserHost } from '../browser/browser-host.ts';
import { type Browser } from '../browser/browser.ts';
import { type Tab } from '../page/tab.ts';
import { type Rung } from './recovery.ts';
import { SlotTab } from './slot-tab.ts';

/** A tab that notes what is done to it. */
class FakeTab {
  readonly calls: string[] = [];
  readonly isProxied: boolean;
  readonly browser: Browser;
  isIdle = true;

  constructor(browser: Browser, isProxied = false) {
    this.browser = browser;
    this.isProxied = isProxied;
  }

  readonly #note = (name: string) => async (): Promise<void> => void this.calls.push(name);
  readonly studio = {
    refresh: async (): Promise<void> => undefined,
    open: this.#note('open'),
    stop: this.#note('stop'),
    newChat: this.#note('new chat'),
    untilIdle: async (): Promise<boolean> => this.isIdle,
  };
  readonly close = this.#note('close');
}

const browserOf = (name: string): Browser => ({ name }) as unknown as Browser;
const never = new AbortController().signal;

/** A slot's tab; `opened` has all that were opened, `replaced` the browsers that were given up. */
function start(open?: () => Promise<unknown>) {
  const browser = browserOf('first');
  const opened: FakeTab[] = [];
  const replaced: Browser[] = [];
  const host = {
    replace: (old: Browser) => void replaced.push(old),
    isCurrent: (one: Browser) => !replaced.includes(one),
  } as unknown as BrowserHost;
  const openTab = async (isDirect: boolean): Promise<Tab> => {
    await open?.();
    const tab = new FakeTab(replaced.length > 0 ? browserOf('next') : browser, !isDirect);
    opened.push(tab);
    return tab as unknown as Tab;
  };
  const tab = new SlotTab({ host, openTab });
  const prepare = (rung: Rung, usesProxy = false): Promise<Tab> =>
    tab.prepare(rung, usesProxy, never);
  return { tab, opened, replaced, browser, prepare };
}

describe('a slot’s tab', () => {
  it('starts a new chat on the open page, loads it anew, or opens another', async () => {
    const { opened, prepare } = start();
    await prepare('new context');
    await prepare('new chat');
    await prepare('reload');
    expect(opened).toHaveLength(1);
    expect(opened[0]?.calls).toEqual(['open', 'new chat', 'new chat', 'open', 'new chat']);
    await prepare('new context');
    expect(opened).toHaveLength(2);
    expect(opened[0]?.calls.at(-1)).toBe('close');
  });

  it('stops a page that still generates', async () => {
    const { opened, prepare } = start();
    await prepare('new context');
    opened[0]!.isIdle = false;
    await prepare('new chat');
    expect(opened[0]?.calls.slice(2)).toEqual(['stop', 'new chat']);
  });

  it('opens another where the page goes the wrong way, or there is another sign-in', async () => {
    const { tab, opened, prepare } = start();
    await prepare('new context', false);
    await prepare('new chat', true);
    expect(opened).toHaveLength(2);
    tab.outdate();
    await prepare('new chat', true);
    await prepare('new chat', true);
    expect(opened).toHaveLength(3);
  });

  it('asks for another browser than that of its last tab', async () => {
    const { tab, opened, replaced, browser, prepare } = start();
    await prepare('new context');
    const old = tab.current;
    await prepare('new browser');
    expect(replaced).toEqual([browser]);
    expect(opened[0]?.calls.at(-1)).toBe('close');
    expect(old && tab.isOutdated(old)).toBe(true);
    expect(tab.current && tab.isOutdated(tab.current)).toBe(false);
  });

  it('closes a page that comes when nobody waits for it any more, and keeps the good one', async () => {
    let comes = (): void => undefined;
    let isSlow = true;
    const { tab, opened, prepare } = start(() =>
      isSlow ? new Promise<void>((resolve) => (comes = resolve)) : Promise.resolve(),
    );
    const limit = new AbortController();
    const late = tab.prepare('new context', false, limit.signal);
    await new Promise((resolve) => setImmediate(resolve));
    limit.abort(new Error('too slow'));
    await expect(late).rejects.toThrow('too slow');
    isSlow = false;
    const good = await prepare('new context');
    comes();
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened).toHaveLength(2);
    expect(tab.current).toBe(good);
    const unwanted = opened.find((one) => (one as unknown) !== good);
    expect(unwanted?.calls).toEqual(['close']);
  });

  it('goes around the stream proxy on demand', async () => {
    const { tab, opened, prepare } = start();
    await prepare('new context', true);
    await tab.openAround(never);
    expect(opened.map(({ isProxied }) => isProxied)).toEqual([true, false]);
    expect(opened[0]?.calls.at(-1)).toBe('close');
    expect(tab.current?.isProxied).toBe(false);
  });
});
