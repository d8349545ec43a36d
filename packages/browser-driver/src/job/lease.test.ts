import { type JobWriter, LEASE_RENEWAL_MS, type LeaseState } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { type HeldLease, holdLease } from './lease.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A lease of which each renewal finds the next of these states, and then the last again. */
async function hold(...states: LeaseState[]): Promise<{ lease: HeldLease; renewals: string[] }> {
  const renewals: string[] = [];
  const renew = async (): Promise<LeaseState> => {
    renewals.push('lease');
    return (states.length > 1 ? states.shift() : states[0]) ?? 'ok';
  };
  const taken = { renew: async () => void renewals.push('lock') };
  const lease = await holdLease({ renew } as unknown as JobWriter, taken, silentLog);
  return { lease, renewals };
}

describe('a held lease', () => {
  it('renews the lease and the queue’s lock together, until it is disposed', async () => {
    const { lease, renewals } = await hold('ok');
    await jest.advanceTimersByTimeAsync(LEASE_RENEWAL_MS);
    expect(renewals).toEqual(['lease', 'lock', 'lease', 'lock']);
    await lease[Symbol.asyncDispose]();
    await jest.advanceTimersByTimeAsync(LEASE_RENEWAL_MS * 3);
    expect(renewals).toHaveLength(4);
  });

  it.each([
    ['cancelled', 'request_cancelled'],
    ['unread', 'request_cancelled'],
    ['stale', 'worker_lost'],
  ] as const)('aborts when a renewal finds it %s', async (state, code) => {
    const { lease } = await hold('ok', state);
    expect(lease.signal.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(LEASE_RENEWAL_MS);
    expect(lease.signal.reason).toMatchObject({ code });
    await lease[Symbol.asyncDispose]();
  });

  it('confirms at once, or throws why not', async () => {
    const { lease } = await hold('ok', 'ok', 'stale');
    await lease.confirm();
    await expect(lease.confirm()).rejects.toMatchObject({ code: 'worker_lost' });
    await lease[Symbol.asyncDispose]();
  });
});
