import { Condition, deadline, type SlotStatus, StudioError } from '@aistudio/core';

import { type KeeperOptions, SlotKeeper } from './slot-keeper.ts';
import { type SlotLease } from './slot.ts';

/** Longest wait for a page while slots recover; loading one may take 30 s (page.md §2), ms. */
const LEASE_MS = 45_000;

/** The pages of this worker. */
export interface Slots extends AsyncDisposable {
  /**
   * A page with an empty chat; waits for one, for less than a minute. Throws `not_ready`, or at once
   * what keeps all of them from working, such as `not_signed_in`, if waiting is of no use.
   */
  lease(signal: AbortSignal): Promise<SlotLease>;
  /**
   * A page to look at while nobody needs one: undefined while a prompt has a page, or had one within
   * the last `quietMs`. `wanted` aborts as soon as a prompt waits for a page: give it back then.
   */
  takeIdle(quietMs: number): (SlotLease & { readonly wanted: AbortSignal }) | undefined;
  status(): SlotStatus[];
  /** Calls `look` whenever a page becomes ready or stops being so. */
  watch(look: () => void): void;
  /** Lets failed slots try again at once. */
  retry(): void;
  /** Lets idle slots open their page anew if the stream proxy came or went. */
  reroute(): void;
  /** Gives every slot a page of the present sign-in: idle and failed ones at once, the others next. */
  renew(): void;
}

/** Opens a page for each of these and keeps it ready. Returns at once. */
export function createSlots(all: readonly Omit<KeeperOptions, 'onChange'>[]): Slots {
  const watching = new Set<() => void>();
  const changed = new Condition();
  const onChange = (): void => {
    changed.notify();
    for (const look of watching) look();
  };
  const keepers = all.map((options) => new SlotKeeper({ ...options, onChange }));

  const take = (): SlotLease | undefined => {
    const warm = keepers.filter(({ isWarm }) => isWarm);
    for (const keeper of new Set([...warm, ...keepers])) {
      const taken = keeper.take();
      if (taken) return { slot: taken.slot, [Symbol.dispose]: taken.giveBack };
    }
    return undefined;
  };

  let inUse = 0;
  let usedAt = -Infinity;
  /** A page for a prompt: while there is one, nobody looks at pages for other reasons. */
  const takeForPrompt = (): SlotLease | undefined => {
    const lease = take();
    if (!lease) return undefined;
    inUse++;
    return {
      slot: lease.slot,
      [Symbol.dispose]() {
        inUse--;
        usedAt = performance.now();
        lease[Symbol.dispose]();
      },
    };
  };
  const lookers = new Set<AbortController>();

  /** The error when it is of no use to wait for any page. */
  const hopeless = (): StudioError | undefined =>
    keepers.every((keeper) => keeper.isHopeless) ? keepers[0]?.failure : undefined;

  return {
    async lease(signal) {
      using limit = deadline(LEASE_MS, () => notReady(keepers), signal);
      for (;;) {
        limit.signal.throwIfAborted();
        const failure = hopeless();
        if (failure) throw failure;
        const lease = takeForPrompt();
        if (lease) return lease;
        for (const looker of lookers) looker.abort(new Error('a prompt waits for the page'));
        await changed.wait(LEASE_MS, limit.signal);
      }
    },
    takeIdle(quietMs) {
      if (inUse > 0 || performance.now() - usedAt < quietMs) return undefined;
      const lease = take();
      if (!lease) return undefined;
      const looker = new AbortController();
      lookers.add(looker);
      return {
        slot: lease.slot,
        wanted: looker.signal,
        [Symbol.dispose]() {
          lookers.delete(looker);
          lease[Symbol.dispose]();
        },
      };
    },
    status: () => keepers.map((keeper) => keeper.status()),
    retry() {
      for (const keeper of keepers) keeper.retry();
    },
    reroute() {
      for (const keeper of keepers) keeper.reroute();
    },
    renew() {
      for (const keeper of keepers) keeper.renew();
    },
    watch: (look) => void watching.add(look),
    async [Symbol.asyncDispose]() {
      await Promise.all(keepers.map((keeper) => keeper[Symbol.asyncDispose]()));
    },
  };
}

function notReady(keepers: readonly SlotKeeper[]): StudioError {
  const reason = keepers.find(({ failure }) => failure)?.failure?.message;
  return new StudioError('not_ready', `No page is ready: ${reason ?? 'it is still loading'}`, {
    retryAfterSeconds: 5,
  });
}
