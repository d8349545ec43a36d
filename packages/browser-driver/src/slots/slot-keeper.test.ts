import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { StudioError } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { type CaptureFeed } from '../captures/capture-feed.ts';
import { UnusableError } from '../page/location.ts';
import { PageError } from '../page/page-error.ts';
import { type KeeperOptions, SlotKeeper } from './slot-keeper.ts';

/** A tab that notes what is done to it, and fails as often as it is told. */
class FakeTab {
  readonly calls: string[] = [];
  readonly browser: object;
  readonly isProxied: boolean;
  readonly evidence = { of: this };
  readonly #lost = new AbortController();
  readonly lost = this.#lost.signal;
  watches = 0;
  /** What the next steps of these names fail with. */
  readonly failures: { open: Error[]; 'new chat': Error[] } = { open: [], 'new chat': [] };
  /** What a person at the page waits for. */
  signsIn: Promise<void> = new Promise(() => undefined);

  constructor(browser: object, isProxied: boolean) {
    this.browser = browser;
    this.isProxied = isProxied;
  }

  readonly #step = (name: 'open' | 'new chat') => async (): Promise<void> => {
    this.calls.push(name);
    const failure = this.failures[name].shift();
    if (failure) throw failure;
  };
  readonly studio = {
    of: this,
    refresh: async (): Promise<void> => undefined,
    open: this.#step('open'),
    newChat: this.#step('new chat'),
    untilIdle: async (): Promise<boolean> => true,
    page: {
      waitForURL: () => this.signsIn,
      locator: () => ({ first: () => ({ waitFor: async (): Promise<void> => undefined }) }),
      url: () => 'https://aistudio.google.com/prompts/new_chat',
    },
    kit: {
      knowledge: { table: { promptInput: [] }, packs: [], digest: '' },
      run: async (): Promise<object> => ({ html: '<p>', alternates: {} }),
    },
  };
  readonly recorder = { console: [], network: [] };

  lose(): void {
    this.#lost.abort(new StudioError('upstream_error', 'The browser crashed.'));
  }
  watch(): Disposable {
    this.watches++;
    return { [Symbol.dispose]: () => void this.watches-- };
  }
  async close(): Promise<void> {
    this.calls.push('close');
  }
}

const captures = {} as CaptureFeed;
const kept: SlotKeeper[] = [];
afterEach(async () => {
  await Promise.all(kept.splice(0).map((keeper) => keeper[Symbol.asyncDispose]()));
});

/** A slot whose tabs are prepared by `prepare` before they are used; `tabs` has them, in order. */
function keep({
  prepare = () => undefined,
  ...changed
}: Partial<KeeperOptions> & { prepare?: (tab: FakeTab, index: number) => void } = {}) {
  const tabs: FakeTab[] = [];
  const replaced: object[] = [];
  const lookers = new Set<() => void>();
  const options = {
    id: 'a',
    host: {
      replace: (browser: object) => void replaced.push(browser),
      isCurrent: (browser: object) => !replaced.includes(browser),
    },
    openTab: async (isDirect: boolean) => {
      const tab = new FakeTab({ number: replaced.length }, !isDirect);
      prepare(tab, tabs.length);
      tabs.push(tab);
      return tab;
    },
    captures,
    isProxyUp: () => false,
    isVisible: false,
    onSignedIn: () => Promise.resolve(),
    snapshotFolder: '/nowhere',
    onChange: () => {
      for (const look of lookers) look();
    },
    log: silentLog,
    ...changed,
  };
  const keeper = new SlotKeeper(options as unknown as KeeperOptions); // no more than this is used
  kept.push(keeper);
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        lookers.delete(look);
        resolve();
      };
      lookers.add(look);
      look();
    });
  const take = () => {
    const taken = keeper.take();
    if (!taken) throw new Error('the slot is not ready');
    return taken;
  };
  return {
    keeper,
    tabs,
    replaced,
    until,
    take,
    untilReady: () => until(() => keeper.isReady),
    state: () => keeper.status().state,
    of: (tab: FakeTab | undefined) => tab?.calls ?? [],
  };
}

const broken = (): Error => new Error('it broke\nwith a call log');
const stuck = (): Error => new PageError('start a new chat', 'turns stay', { isLacking: true });

describe('a slot', () => {
  it('says what it does: it opens, is ready, busy, and makes its page ready for the next', async () => {
    const slot = keep();
    expect(slot.state()).toBe('opening');
    expect(slot.keeper.take()).toBeUndefined();
    await slot.untilReady();
    expect(slot.state()).toBe('ready');
    const taken = slot.take();
    expect([slot.state(), slot.keeper.isReady]).toEqual(['busy', false]);
    expect(slot.keeper.take()).toBeUndefined();
    const ready = slot.untilReady();
    taken.giveBack();
    await new Promise(setImmediate);
    await ready;
    expect(slot.of(slot.tabs[0])).toEqual(['open', 'new chat', 'new chat']);
    expect(slot.keeper.status()).toEqual({ id: 'a', state: 'ready' });
  });

  it('does not touch a page that was not used', async () => {
    const slot = keep();
    await slot.untilReady();
    slot.take().putBack();
    await slot.untilReady();
    expect(slot.of(slot.tabs[0])).toEqual(['open', 'new chat']);
  });

  it('asks a page for signs of life only while it is used', async () => {
    const slot = keep();
    await slot.untilReady();
    const taken = slot.take();
    expect(slot.tabs[0]?.watches).toBe(1);
    taken.putBack();
    expect(slot.tabs[0]?.watches).toBe(0);
  });

  it('closes its page in the end, and opens no other', async () => {
    const slot = keep();
    await slot.untilReady();
    await slot.keeper[Symbol.asyncDispose]();
    expect(slot.of(slot.tabs[0]).at(-1)).toBe('close');
    expect(slot.tabs).toHaveLength(1);
  });

  it('ends while it still opens its first page', async () => {
    const slot = keep({ openTab: () => new Promise(() => undefined) });
    await slot.keeper[Symbol.asyncDispose]();
    expect(slot.state()).toBe('opening');
    expect(slot.keeper.failure).toBeUndefined();
  });
});

describe('a page that fails', () => {
  it('is started anew, loaded anew, opened anew, at last in another browser', async () => {
    const slot = keep({
      prepare: (tab, index) => {
        tab.failures['new chat'] = index < 2 ? [broken(), broken(), broken()] : [];
        if (index === 0) tab.failures['new chat'].length = 0;
      },
    });
    await slot.untilReady();
    const [first] = slot.tabs;
    first!.failures['new chat'] = [broken(), broken()];
    slot.take().giveBack();
    await slot.until(() => slot.tabs.length === 3 && slot.keeper.isReady);
    expect(slot.tabs.map(({ calls }) => calls)).toEqual([
      ['open', 'new chat', 'new chat', 'open', 'new chat', 'close'],
      ['open', 'new chat', 'close'],
      ['open', 'new chat'],
    ]);
    expect(slot.replaced).toEqual([slot.tabs[1]?.browser]);
    expect(slot.keeper.failure).toBeUndefined();
  });

  it('keeps a prompt waiting while there is a next rung, and is hopeless after the last', async () => {
    const seen: unknown[] = [];
    const slot = keep({ prepare: (tab) => void (tab.failures.open = [broken(), broken()]) });
    await slot.until(() => {
      const { keeper } = slot;
      if (keeper.failure) seen.push([slot.state(), keeper.isHopeless]);
      return keeper.isHopeless;
    });
    expect(seen).toEqual([
      ['opening', false],
      ['failed', true],
    ]);
    expect(slot.keeper.status()).toEqual({
      id: 'a',
      state: 'failed',
      failure: { code: 'upstream_error', message: 'The browser page failed: it broke' },
    });
    expect(slot.replaced).toHaveLength(1);
  });

  it('is tried again after a pause, from a new context on, and is hopeless no more when it works', async () => {
    const slot = keep({
      prepare: (tab, index) => void (tab.failures.open = index < 2 ? [broken()] : []),
    });
    await slot.until(() => slot.keeper.isHopeless);
    const startedAt = performance.now();
    await slot.untilReady(); // no call of `retry`
    expect(performance.now() - startedAt).toBeGreaterThan(400);
    expect(slot.keeper.isHopeless).toBe(false);
    expect(slot.replaced).toHaveLength(1);
    expect(slot.tabs).toHaveLength(3);
  });

  it('is opened in no other browser where only a person can help', async () => {
    const slot = keep({
      prepare: (tab, index) => {
        const refused = new UnusableError('upstream_error', 'No access.');
        tab.failures.open = index < 3 ? [refused] : [];
      },
    });
    for (let times = 1; times <= 3; times++) {
      await slot.until(() => slot.tabs.length === times && slot.state() === 'failed');
      expect(slot.keeper.isHopeless).toBe(true);
      await new Promise(setImmediate);
      slot.keeper.retry();
    }
    await slot.untilReady();
    expect(slot.replaced).toEqual([]);
  });

  it('is opened in no other browser where it has changed: that would show the same', async () => {
    const lacking = (): Error =>
      new PageError('load the page', 'there is no prompt box', { isLacking: true });
    const slot = keep({ prepare: (tab) => void (tab.failures.open = [lacking()]) });
    await slot.until(() => slot.keeper.isHopeless);
    expect([slot.tabs.length, slot.replaced.length, slot.state()]).toEqual([1, 0, 'failed']);
  });

  it('has the time of its rung, and no more', async () => {
    jest.useFakeTimers();
    const slot = keep({ openTab: () => new Promise(() => undefined) });
    await jest.advanceTimersByTimeAsync(44_999);
    expect(slot.keeper.failure).toBeUndefined();
    await jest.advanceTimersByTimeAsync(1);
    expect(slot.keeper.failure?.message).toContain('it was not ready within 45 s');
    jest.useRealTimers();
  });

  it('is left for good by a slot whose tab was lost', async () => {
    const slot = keep();
    await slot.untilReady();
    slot.tabs[0]?.lose();
    await slot.until(() => slot.tabs.length === 2 && slot.keeper.isReady);
    expect(slot.of(slot.tabs[0])).toContain('close');
  });

  it('goes to a new tab after every prompt where only that has an empty chat', async () => {
    const slot = keep({
      prepare: (tab) => {
        tab.studio.newChat = async () => {
          tab.calls.push('new chat');
          if (tab.calls.filter((call) => call === 'new chat').length > 1) throw stuck();
        };
      },
    });
    await slot.untilReady();
    slot.take().giveBack();
    await slot.until(() => slot.tabs.length === 2 && slot.keeper.isReady);
    expect(slot.of(slot.tabs[0])).toEqual([
      'open',
      'new chat',
      'new chat',
      'open',
      'new chat',
      'close',
    ]);
    slot.take().giveBack();
    await slot.until(() => slot.tabs.length === 3 && slot.keeper.isReady);
    expect(slot.of(slot.tabs[1])).toEqual(['open', 'new chat', 'close']);
    slot.keeper.retry(); // the page may be known better by now
    slot.take().giveBack();
    await slot.until(() => slot.tabs.length === 4 && slot.keeper.isReady);
    expect(slot.of(slot.tabs[2])).toHaveLength(6);
  });
});

describe('a page that was used', () => {
  it('is loaded anew where it misbehaved', async () => {
    const slot = keep();
    await slot.untilReady();
    const { slot: used, giveBack } = slot.take();
    used.requireRecovery('it sent something else');
    const ready = slot.untilReady();
    giveBack();
    await ready;
    expect(slot.of(slot.tabs[0])).toEqual(['open', 'new chat', 'open', 'new chat']);
  });

  it.each(['giveBack', 'putBack'] as const)('is replaced on %s where it was lost', async (way) => {
    const slot = keep();
    await slot.untilReady();
    const taken = slot.take();
    expect(taken.slot.lost.aborted).toBe(false);
    slot.tabs[0]?.lose();
    expect(taken.slot.lost.reason).toMatchObject({ message: 'The browser crashed.' });
    taken[way]();
    await slot.until(() => slot.tabs.length === 2 && slot.keeper.isReady);
  });

  it.each(['giveBack', 'putBack'] as const)(
    'is replaced on %s where there is another sign-in',
    async (way) => {
      const slot = keep();
      await slot.untilReady();
      const taken = slot.take();
      slot.keeper.renew();
      expect(slot.tabs).toHaveLength(1);
      taken[way]();
      await slot.until(() => slot.tabs.length === 2 && slot.keeper.isReady);
    },
  );

  it('shows what the stream proxy sees of it only where it goes through that', async () => {
    const direct = keep();
    await direct.untilReady();
    expect(direct.take().slot.captures).toBeUndefined();
    const proxied = keep({ isProxyUp: () => true });
    await proxied.untilReady();
    expect(proxied.tabs[0]?.isProxied).toBe(true);
    expect(proxied.take().slot.captures).toBe(captures);
  });

  it('becomes another that goes around the stream proxy on demand', async () => {
    const slot = keep({ isProxyUp: () => true });
    await slot.untilReady();
    const { slot: used, putBack } = slot.take();
    await used.bypassProxy(new AbortController().signal);
    const [old, next] = slot.tabs;
    expect(next?.isProxied).toBe(false);
    expect(slot.of(next)).toEqual(['open', 'new chat']);
    expect([used.page, used.captures, used.evidence]).toEqual([
      next?.studio,
      undefined,
      next?.evidence,
    ]);
    expect([old?.watches, next?.watches]).toEqual([0, 1]);
    next?.lose();
    expect(used.lost.aborted).toBe(true);
    putBack();
    expect(next?.watches).toBe(0);
  });
});

describe('a prompt that AI Studio refuses', () => {
  it('leads around the stream proxy, which the status says, until the proxy was away', async () => {
    let isUp = true;
    const slot = keep({ isProxyUp: () => isUp });
    await slot.untilReady();
    const { slot: used, giveBack } = slot.take();
    used.refused();
    used.refused(); // of the same prompt, by another sign
    used.requireRecovery('it did not stop');
    giveBack();
    await slot.until(() => slot.tabs.length === 2 && slot.keeper.isReady);
    expect(slot.tabs[1]?.isProxied).toBe(false);
    expect(slot.keeper.status().degraded).toContain('goes around it');
    slot.keeper.reroute();
    expect(slot.keeper.isReady).toBe(true);
    isUp = false;
    slot.keeper.reroute();
    expect(slot.keeper.status().degraded).toBeUndefined();
    isUp = true;
    slot.keeper.reroute();
    await slot.until(() => slot.tabs.length === 3 && slot.keeper.isReady);
    expect(slot.tabs[2]?.isProxied).toBe(true);
  });

  it('leaves a page on its own open the first time, and loads it anew the second', async () => {
    const slot = keep();
    await slot.untilReady();
    const refuse = async (): Promise<string[]> => {
      const before = slot.of(slot.tabs[0]).length;
      const { slot: used, giveBack } = slot.take();
      used.refused();
      used.requireRecovery('it did not stop');
      const ready = slot.untilReady();
      giveBack();
      await ready;
      return slot.of(slot.tabs[0]).slice(before);
    };
    expect(await refuse()).toEqual(['new chat']);
    expect(await refuse()).toEqual(['open', 'new chat']);
    slot.take().slot.accepted();
  });

  it('counts from the beginning after one that was accepted', async () => {
    const slot = keep();
    await slot.untilReady();
    for (const answer of ['refused', 'accepted', 'refused'] as const) {
      const { slot: used, giveBack } = slot.take();
      used[answer]();
      const ready = slot.untilReady();
      giveBack();
      await ready;
    }
    expect(slot.of(slot.tabs[0]).filter((call) => call === 'open')).toHaveLength(1);
  });
});

describe('an idle page', () => {
  it('is replaced where the stream proxy came or went, and only then', async () => {
    let isUp = false;
    const slot = keep({ isProxyUp: () => isUp });
    await slot.untilReady();
    slot.keeper.reroute();
    expect(slot.keeper.isReady).toBe(true);
    isUp = true;
    slot.keeper.reroute();
    expect(slot.keeper.isReady).toBe(false);
    await slot.until(() => slot.tabs.length === 2 && slot.keeper.isReady);
    expect(slot.tabs[1]?.isProxied).toBe(true);
  });

  it('is not replaced while it is used', async () => {
    let isUp = false;
    const slot = keep({ isProxyUp: () => isUp });
    await slot.untilReady();
    const taken = slot.take();
    isUp = true;
    slot.keeper.reroute();
    await new Promise(setImmediate);
    expect(slot.tabs).toHaveLength(1);
    taken.giveBack();
    await slot.until(() => slot.tabs.length === 2 && slot.keeper.isReady);
  });

  it('is replaced where there is another sign-in', async () => {
    const slot = keep();
    await slot.untilReady();
    slot.keeper.renew();
    await slot.until(() => slot.tabs.length === 2 && slot.keeper.isReady);
    expect(slot.of(slot.tabs[0]).at(-1)).toBe('close');
  });
});

describe('a page that is not signed in', () => {
  const signedOut = (): Error => new StudioError('not_signed_in', 'Nobody is signed in.');
  /** A slot of which the first page is signed out. */
  const startOut = (changed: Partial<KeeperOptions> = {}, signsIn?: Promise<void>) =>
    keep({
      isVisible: true,
      prepare: (tab, index) => {
        if (index === 0) tab.failures.open = [signedOut()];
        if (signsIn) tab.signsIn = signsIn;
      },
      ...changed,
    });

  it('is left to the person before it, whose sign-in is kept, and then loaded anew', async () => {
    let signIn = (): void => undefined;
    const signsIn = new Promise<void>((resolve) => (signIn = resolve));
    const saved: string[] = [];
    const slot = startOut({ onSignedIn: async () => void saved.push('saved') }, signsIn);
    await slot.until(() => slot.state() === 'failed');
    expect(slot.keeper.isHopeless).toBe(true);
    expect(saved).toEqual([]);
    signIn();
    await slot.untilReady();
    expect(saved).toEqual(['saved']);
    expect(slot.tabs).toHaveLength(1);
  });

  it('gives way to a new one where the person closes it, or there is another sign-in', async () => {
    const closed = startOut();
    await closed.until(() => closed.state() === 'failed');
    await new Promise(setImmediate);
    closed.tabs[0]?.lose();
    await closed.untilReady();
    expect(closed.tabs).toHaveLength(2);
    const renewed = startOut();
    await renewed.until(() => renewed.state() === 'failed');
    await new Promise(setImmediate);
    renewed.keeper.renew();
    await renewed.untilReady();
    expect(renewed.tabs).toHaveLength(2);
  });

  it('waits for nobody where nobody sees it', async () => {
    const slot = startOut({ isVisible: false }, Promise.resolve());
    await slot.until(() => slot.state() === 'failed');
    await new Promise(setImmediate);
    slot.keeper.retry();
    await slot.untilReady();
    expect(slot.tabs).toHaveLength(2);
  });
});

describe('evidence', () => {
  it('is kept of a page that is to blame, and of nothing else', async () => {
    const snapshotFolder = await mkdtemp(join(tmpdir(), 'aistudio-snapshots-'));
    try {
      const slot = keep({ snapshotFolder });
      await slot.untilReady();
      const { slot: used } = slot.take();
      await used.keepEvidence(new Error('not of the page'));
      expect(await readdir(snapshotFolder)).toEqual([]);
      await used.keepEvidence(new PageError('press Run', 'it stays disabled'));
      expect(await readdir(snapshotFolder)).toEqual([expect.stringContaining('press-run')]);
    } finally {
      await rm(snapshotFolder, { recursive: true });
    }
  });

  it('is done without where it cannot be written', async () => {
    const slot = keep({ snapshotFolder: import.meta.filename }); // no folder
    await slot.untilReady();
    const { slot: used } = slot.take();
    const keeping = used.keepEvidence(new PageError('press Run', 'it stays disabled'));
    await expect(keeping).resolves.toBeUndefined();
  });
});
