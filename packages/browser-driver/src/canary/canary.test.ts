import { names } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { afterEach, describe, expect, it } from '@jest/globals';

import { type SeenByName } from '../page/in-page/survey.ts';
import { builtInKnowledge } from '../page/page-knowledge.ts';
import { type Slot } from '../slots/slot.ts';
import { type Slots } from '../slots/slots.ts';
import { type Canary, startCanary } from './canary.ts';

const seen = (alternate: number): SeenByName => ({ runButton: { alternate, matches: 1 } });

/** A page on which this is seen; `look` may make a look at it last. */
function fakeSlot(look: (signal: AbortSignal) => Promise<SeenByName>): {
  slot: Slot;
  tidied: () => number;
} {
  let tidied = 0;
  const page = {
    kit: {
      knowledge: builtInKnowledge.current,
      run: (_step: string, _work: unknown, _argument: unknown, signal: AbortSignal) => look(signal),
    },
    refresh: () => Promise.resolve(),
    readPanel: () => Promise.resolve({ modelId: 'a-model', numbers: {}, toggles: {} }),
    clearOverlays: () => {
      tidied++;
      return Promise.resolve(undefined);
    },
  };
  const slot = {
    id: 'a',
    page,
    lost: new AbortController().signal,
    requireRecovery: () => undefined,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the canary uses of a slot
  return { slot: slot as unknown as Slot, tidied: () => tidied };
}

/** One idle page; `given` resolves each time it was given back. */
function idleSlots(slot: Slot): {
  slots: Pick<Slots, 'takeIdle'>;
  given: () => Promise<void>;
  want: () => void;
} {
  let wanted = new AbortController();
  let returned = (): void => undefined;
  return {
    want: () => wanted.abort(new Error('a prompt waits for the page')),
    given: () => new Promise((resolve) => (returned = resolve)),
    slots: {
      takeIdle() {
        wanted = new AbortController();
        return { slot, wanted: wanted.signal, [Symbol.dispose]: () => returned() };
      },
    },
  };
}

function fakeRedis(stored: Record<string, string> = {}) {
  return {
    stored,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- two of Redis' commands
    redis: {
      get: (key: string) => Promise.resolve(stored[key] ?? null),
      set: (key: string, value: string) => {
        stored[key] = value;
        return Promise.resolve('OK');
      },
    } as unknown as Parameters<typeof startCanary>[0]['redis'],
  };
}

let canary: Canary | undefined;
afterEach(async () => {
  await canary?.[Symbol.asyncDispose]();
  canary = undefined;
});

/** Examines once; gives what `/health` would show. */
async function examine(alternate: number, stored: Record<string, string> = {}) {
  const { redis } = fakeRedis(stored);
  const { slots, given } = idleSlots(fakeSlot(() => Promise.resolve(seen(alternate))).slot);
  const over = given();
  const running = startCanary({ redis, slots, everyHours: 1, quietMs: 0, log: silentLog });
  await over;
  await running[Symbol.asyncDispose]();
  return { stored, status: running.status };
}

describe('the canary', () => {
  it('looks at an idle page, says what is missing, and keeps what it found', async () => {
    const { status, stored } = await examine(0);
    expect(status?.missing).toContain('promptInput');
    expect(status?.missing).not.toContain('runButton');
    expect(status?.changes).toEqual([]);
    expect(JSON.parse(stored[names.pageTable] ?? '')).toMatchObject({ model: 'a-model' });
  });

  it('says what has changed since the time before', async () => {
    const { stored } = await examine(0);
    expect((await examine(0, stored)).status?.changes).toEqual([]);
    expect((await examine(1, stored)).status?.changes).toEqual([
      expect.stringMatching(/^runButton is found by .* \(it was by /),
    ]);
  });

  it('gives the page back as soon as a prompt waits for it, as it was', async () => {
    const { redis, stored } = fakeRedis();
    let started = (): void => undefined;
    const looking = new Promise<void>((resolve) => (started = resolve));
    const { slot, tidied } = fakeSlot(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          started();
        }),
    );
    const { slots, given, want } = idleSlots(slot);
    const over = given();
    canary = startCanary({ redis, slots, everyHours: 1, quietMs: 0, log: silentLog });
    await looking;
    want();
    await over;
    expect(tidied()).toBe(1);
    expect(canary.status).toBeUndefined();
    expect(stored).toEqual({});
  });

  it('never looks where CANARY_HOURS is 0', async () => {
    const { redis } = fakeRedis();
    let takes = 0;
    const slots = { takeIdle: () => void takes++ };
    canary = startCanary({ redis, slots, everyHours: 0, quietMs: 0, log: silentLog });
    await canary[Symbol.asyncDispose]();
    expect(takes).toBe(0);
  });
});
