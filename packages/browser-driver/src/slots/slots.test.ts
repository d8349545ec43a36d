import { silentLog } from '@aistudio/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { PageError } from '../page/page-error.ts';
import { type Tab } from '../page/tab.ts';
import { type KeeperOptions } from './slot-keeper.ts';
import { type SlotLease } from './slot.ts';
import { createSlots, type Slots } from './slots.ts';

/** A page that is well but for what is given. */
function fakeTab(changed: object = {}): Tab {
  const studio = {
    refresh: () => Promise.resolve(),
    open: () => Promise.resolve(),
    newChat: () => Promise.resolve(),
    untilIdle: () => Promise.resolve(true),
    ...changed,
  };
  const tab = {
    studio,
    isProxied: false,
    watch: () => ({ [Symbol.dispose]: () => undefined }),
    lost: new AbortController().signal,
    close: () => Promise.resolve(),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a slot uses of a page that is well
  return tab as unknown as Tab;
}

let slots: Slots;
afterEach(async () => {
  await slots[Symbol.asyncDispose]();
});

/** One slot, once its page is ready. */
async function openOne(): Promise<void> {
  openWith(fakeTab);
  await untilReady();
}

/** Slots with these pages. */
function openWith(...tabs: (() => Tab)[]): void {
  const options = (tab: () => Tab): KeeperOptions => {
    const all = {
      id: 'a',
      host: { replace: () => undefined, isCurrent: () => true },
      captures: undefined,
      isProxyUp: () => false,
      openTab: () => Promise.resolve(tab()),
      isVisible: false,
      onSignedIn: () => Promise.resolve(),
      snapshotFolder: '/nowhere',
      log: silentLog,
    };
    return all as unknown as KeeperOptions; // of the browser only this is used
  };
  slots = createSlots(tabs.map(options));
}

const untilReady = (): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (slots.status().every(({ state }) => state === 'ready')) resolve();
    };
    slots.watch(look);
    look();
  });

const untilHopeless = (): Promise<void> =>
  new Promise((resolve) => {
    slots.watch(() => {
      if (slots.failure()) resolve();
    });
  });

/** A page for a prompt; throws when none is ready. */
async function take(): Promise<SlotLease> {
  const lease = await slots.take();
  if (!lease) throw new Error('no page is ready');
  return lease;
}

describe('takeIdle', () => {
  it('gives no page while a prompt has one, or had one just before', async () => {
    await openOne();
    const lease = await take();
    expect(slots.takeIdle(0)).toBeUndefined();
    const ready = untilReady();
    lease[Symbol.dispose]();
    await ready;
    expect(slots.takeIdle(60_000)).toBeUndefined();
    using idle = slots.takeIdle(0);
    expect(idle?.slot.id).toBe('a');
  });

  it('counts as a page for a prompt, until a prompt has asked for it back', async () => {
    await openOne();
    const idle = slots.takeIdle(0);
    expect(idle?.wanted.aborted).toBe(false);
    expect(slots.hasPage()).toBe(true);
    expect(await slots.take()).toBeUndefined();
    expect(idle?.wanted.aborted).toBe(true);
    expect(slots.hasPage()).toBe(false);
    const ready = untilReady();
    idle?.[Symbol.dispose]();
    await ready;
    using lease = await take();
    expect(lease.slot.id).toBe('a');
  });
});

describe('take', () => {
  it('gives each page once, and none where there is none', async () => {
    openWith(fakeTab, fakeTab);
    await untilReady();
    const leases = [await take(), await take()];
    expect(slots.hasPage()).toBe(false);
    expect(await slots.take()).toBeUndefined();
    for (const lease of leases) lease[Symbol.dispose]();
    await untilReady();
    expect(slots.hasPage()).toBe(true);
  });

  it('leaves a page that was not used as it is, and starts a new chat on one that was', async () => {
    let chats = 0;
    openWith(() => fakeTab({ newChat: async () => void chats++ }));
    await untilReady();
    (await take()).putBack();
    await untilReady();
    expect(chats).toBe(1);
    const lease = await take();
    lease[Symbol.dispose]();
    lease[Symbol.dispose](); // once is enough
    lease.putBack();
    await untilReady();
    expect(chats).toBe(2);
  });

  it('gives no page that is about to be replaced', async () => {
    await openOne();
    slots.renew();
    expect(slots.hasPage()).toBe(false);
    await untilReady();
    expect(slots.hasPage()).toBe(true);
  });
});

describe('slots of which one has failed', () => {
  const broken = (): Tab =>
    fakeTab({
      open: () =>
        Promise.reject(new PageError('load the page', 'there is nothing', { isLacking: true })),
    });

  it('go on with the other, and name no failure of all', async () => {
    openWith(broken, fakeTab);
    await new Promise<void>((resolve) => {
      const look = (): void => {
        const states = slots.status().map(({ state }) => state);
        if (states.join() === 'failed,ready') resolve();
      };
      slots.watch(look);
      look();
    });
    expect(slots.failure()).toBeUndefined();
    using lease = await take();
    expect(lease.slot.id).toBe('a');
    expect(slots.hasPage()).toBe(false);
    expect(slots.failure()).toBeUndefined();
  });
});

describe('a page that has changed', () => {
  it('fails a prompt with what it lacks, without a try of another browser', async () => {
    const open = (): Promise<never> =>
      Promise.reject(new PageError('load the page', 'there is no prompt box', { isLacking: true }));
    openWith(() => fakeTab({ open }));
    await untilHopeless();
    expect(slots.failure()?.message).toContain('"load the page": there is no prompt box');
    expect(slots.status()[0]).toMatchObject({
      state: 'failed',
      failure: { message: expect.stringContaining('there is no prompt box') },
    });
  });

  it('is loaded anew at once after prompts, where New chat has failed on it twice', async () => {
    let loads = 0;
    let isLoaded = false;
    const tried: boolean[] = [];
    openWith(() =>
      fakeTab({
        open: () => {
          loads++;
          isLoaded = true;
          return Promise.resolve();
        },
        newChat: () => {
          tried.push(isLoaded);
          if (!isLoaded)
            return Promise.reject(
              new PageError('start a new chat', 'the old turns stay', { isLacking: true }),
            );
          isLoaded = false;
          return Promise.resolve();
        },
      }),
    );
    for (let prompt = 0; prompt < 4; prompt++) {
      await untilReady();
      using lease = await take();
      expect(lease.slot.id).toBe('a');
    }
    await untilReady();
    expect(loads).toBe(5);
    expect(tried.filter((isFresh) => !isFresh)).toHaveLength(2);
  });
});

describe('two slots', () => {
  it('have a page as long as one of them has', async () => {
    openWith(fakeTab, fakeTab);
    await untilReady();
    const lease = await take();
    expect(slots.hasPage()).toBe(true);
    lease[Symbol.dispose]();
  });

  it('are looked at by nobody while a prompt has one of them, however often another was given back', async () => {
    openWith(fakeTab, fakeTab);
    await untilReady();
    const one = await take();
    const other = await take();
    other[Symbol.dispose]();
    other[Symbol.dispose]();
    await new Promise(setImmediate);
    expect(slots.hasPage()).toBe(true);
    expect(slots.takeIdle(0)).toBeUndefined();
    one[Symbol.dispose]();
    await untilReady();
    slots.takeIdle(0)?.[Symbol.dispose]();
  });

  it('leave a page to who looks at it while a prompt can have the other', async () => {
    openWith(fakeTab, fakeTab);
    await untilReady();
    using idle = slots.takeIdle(0);
    using lease = await take();
    expect(lease.slot.id).toBe('a');
    expect(idle?.wanted.aborted).toBe(false);
  });

  it('give the page first that has been open for a while', async () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(0);
    const tabs: Tab[] = [];
    const note = (): Tab => {
      const tab = fakeTab();
      tabs.push(tab);
      return tab;
    };
    openWith(note, note);
    await untilReady();
    const [first, second] = [await take(), await take()];
    now.mockReturnValue(60_000);
    first.slot.requireRecovery('it is loaded anew');
    first[Symbol.dispose]();
    second.putBack();
    await untilReady();
    using lease = await take();
    expect(lease.slot.page).toBe(tabs[1]?.studio);
    now.mockRestore();
  });

  it('are tried again, and closed, together', async () => {
    const closed: string[] = [];
    const failing = (): Tab => {
      const error = new PageError('load the page', 'there is nothing', { isLacking: true });
      return fakeTab({ open: () => Promise.reject(error) });
    };
    let isBroken = true;
    const repair = (): Tab =>
      Object.assign(isBroken ? failing() : fakeTab(), {
        close: async () => void closed.push('closed'),
      });
    openWith(repair, repair);
    await untilHopeless();
    isBroken = false;
    await new Promise(setImmediate);
    slots.retry();
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(slots.status().map(({ state }) => state)).toEqual(['ready', 'ready']); // before their own next try
    closed.length = 0;
    await slots[Symbol.asyncDispose]();
    expect(closed).toEqual(['closed', 'closed']);
  });
});
