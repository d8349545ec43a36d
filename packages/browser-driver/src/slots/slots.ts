import { type SlotStatus, type StudioError } from '@aistudio/core';

import { type KeeperOptions, SlotKeeper } from './slot-keeper.ts';
import { type Slot, type SlotLease } from './slot.ts';

/** The pages of this worker. */
export interface Slots extends AsyncDisposable {
  /**
   * Whether a prompt could have a page; one that is only looked at counts, until `take` has asked for it
   * back.
   */
  hasPage(): boolean;
  /** What keeps all pages from working, and will not pass by itself; undefined: a page may be ready soon. */
  failure(): StudioError | undefined;
  /** A page with an empty chat; undefined where none is ready. */
  take(): Promise<SlotLease | undefined>;
  /**
   * A page to look at while nobody needs one: undefined while a prompt has a page, or had one within
   * the last `quietMs`. `wanted` aborts as soon as a prompt waits for a page: give it back then.
   */
  takeIdle(quietMs: number): IdleLease | undefined;
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

/** A page to look at, until somebody wants it for a prompt. */
export interface IdleLease extends Disposable {
  readonly slot: Slot;
  readonly wanted: AbortSignal;
}

/** Opens a page for each of these and keeps it ready. Returns at once. */
export function createSlots(all: readonly Omit<KeeperOptions, 'onChange'>[]): Slots {
  const watching = new Set<() => void>();
  const onChange = (): void => {
    for (const look of watching) look();
  };
  const keepers = all.map((options) => new SlotKeeper({ ...options, onChange }));

  const take = (): SlotLease | undefined => {
    const warm = keepers.filter(({ isWarm }) => isWarm);
    for (const keeper of new Set([...warm, ...keepers])) {
      const taken = keeper.take();
      if (!taken) continue;
      const { slot, giveBack, putBack } = taken;
      return { slot, putBack, [Symbol.dispose]: giveBack };
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
    let isTaken = true;
    const leave = (giveBack: () => void): void => {
      if (!isTaken) return;
      isTaken = false;
      inUse--;
      usedAt = performance.now();
      giveBack();
    };
    return {
      slot: lease.slot,
      putBack: () => leave(lease.putBack),
      [Symbol.dispose]: () => leave(() => lease[Symbol.dispose]()),
    };
  };
  const lookers = new Set<AbortController>();

  return {
    hasPage() {
      const isWatched = [...lookers].some(({ signal }) => !signal.aborted);
      return isWatched || keepers.some(({ isReady }) => isReady);
    },
    failure() {
      return keepers.every(({ isHopeless }) => isHopeless) ? keepers[0]?.failure : undefined;
    },
    take() {
      const lease = takeForPrompt();
      if (!lease) for (const looker of lookers) looker.abort(new Error('a prompt waits for it'));
      return Promise.resolve(lease);
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
