import { silentLog } from '@aistudio/core/testing';
import { afterEach, describe, expect, it } from '@jest/globals';

import { type Tab } from '../page/tab.ts';
import { type KeeperOptions } from './slot-keeper.ts';
import { createSlots, type Slots } from './slots.ts';

/** A page that is always well. */
function fakeTab(): Tab {
  const studio = {
    refresh: () => Promise.resolve(),
    open: () => Promise.resolve(),
    newChat: () => Promise.resolve(),
    untilIdle: () => Promise.resolve(true),
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
  const options = {
    id: 'a',
    host: { discard: () => Promise.resolve() },
    captures: undefined,
    isProxyUp: () => false,
    openTab: () => Promise.resolve(fakeTab()),
    isVisible: false,
    onSignedIn: () => Promise.resolve(),
    snapshotFolder: '/nowhere',
    log: silentLog,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the browser only this is used
  slots = createSlots([options as unknown as KeeperOptions]);
  await untilReady();
}

const untilReady = (): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (slots.status().every(({ state }) => state === 'ready')) resolve();
    };
    slots.watch(look);
    look();
  });

const never = new AbortController().signal;

describe('takeIdle', () => {
  it('gives no page while a prompt has one, or had one just before', async () => {
    await openOne();
    const lease = await slots.lease(never);
    expect(slots.takeIdle(0)).toBeUndefined();
    const ready = untilReady();
    lease[Symbol.dispose]();
    await ready;
    expect(slots.takeIdle(60_000)).toBeUndefined();
    using idle = slots.takeIdle(0);
    expect(idle?.slot.id).toBe('a');
  });

  it('asks for the page back as soon as a prompt waits for it', async () => {
    await openOne();
    const idle = slots.takeIdle(0);
    expect(idle?.wanted.aborted).toBe(false);
    const waiting = slots.lease(never);
    expect(idle?.wanted.aborted).toBe(true);
    idle?.[Symbol.dispose]();
    using lease = await waiting;
    expect(lease.slot.id).toBe('a');
  });
});
