import { type ProcessStatus } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { watchWorkers, type WorkerPool } from './worker-pool.ts';

/** One worker's sign of life. */
const worker = (instance: string, detail: object = {}): ProcessStatus => ({
  kind: 'browser-driver',
  instance,
  at: 0,
  ready: true,
  detail: { account: instance, models: ['flash', 'pro'], ...detail },
});
const failure = { code: 'not_signed_in', message: 'Nobody is signed in.' };

let pool: WorkerPool;
afterEach(() => pool[Symbol.dispose]());

/** What worker `us` sees, when these live and these models rest. */
async function look(
  living: ProcessStatus[],
  resting: readonly (readonly [account: string, model: string, ms: number])[] = [],
): Promise<WorkerPool> {
  const redis = {
    aistudioReadEntries: async () => living.map((status) => JSON.stringify(status)),
    aistudioReadCooldowns: async (count: number, ...keys: string[]) =>
      resting.flatMap(([account, model, ms]) => {
        const at = keys.slice(0, count).indexOf(`aistudio:cooldowns:${account}`);
        return at < 0 ? [] : [[at, model, ms, `of ${account}`]];
      }),
  } as unknown as Redis;
  const own = { instance: 'us', account: 'us', models: ['flash', 'pro'] };
  pool = watchWorkers(redis, () => own, silentLog);
  await pool.refresh();
  return pool;
}

describe('a worker among others', () => {
  it('leaves nothing to others while it is alone, whatever rests', async () => {
    await look([worker('us')], [['us', 'flash', 1000]]);
    expect(pool.leftToOthers().size).toBe(0);
    expect([pool.othersCanServe(), pool.othersCanServe('flash')]).toEqual([false, false]);
  });

  it('leaves to others what rests for its account alone', async () => {
    await look([worker('us'), worker('them')], [['us', 'flash', 1000]]);
    expect([...pool.leftToOthers()]).toEqual(['flash']);
    await look(
      [worker('us'), worker('them')],
      [
        ['us', 'flash', 1000],
        ['them', 'flash', 9000],
      ],
    );
    expect(pool.leftToOthers().size).toBe(0);
  });

  it('leaves to others the models that only they are offered', async () => {
    await look([worker('us'), worker('them', { models: ['flash', 'ultra'] })]);
    expect([...pool.leftToOthers()]).toEqual(['ultra']);
    expect([pool.othersCanServe('ultra'), pool.othersCanServe('pro')]).toEqual([true, false]);
  });

  it('counts on nobody whose pages have all failed', async () => {
    await look(
      [worker('us'), worker('them', { failure, models: ['ultra'] })],
      [['us', 'flash', 1]],
    );
    expect(pool.leftToOthers().size).toBe(0);
    expect(pool.othersCanServe()).toBe(false);
    expect(pool.failureOf('ultra')).toEqual(failure);
    expect(pool.failureOf('flash')).toBeUndefined();
  });

  it('knows the shortest wait, where all accounts have to', async () => {
    await look(
      [worker('us'), worker('them')],
      [
        ['us', 'flash', 9000],
        ['them', 'flash', 1000],
      ],
    );
    expect(pool.cooldown('flash')).toMatchObject({ ms: 1000, reason: 'of them' });
    expect(pool.cooldown('pro')).toBeUndefined();
    await look([worker('us'), worker('them')], [['us', 'flash', 9000]]);
    expect(pool.cooldown('flash')).toBeUndefined();
  });

  it('shares what rests with another worker of its account', async () => {
    const sibling = worker('sibling', { account: 'us' });
    await look([worker('us'), sibling], [['us', 'flash', 1000]]);
    expect(pool.othersCanServe('flash')).toBe(false);
    expect(pool.leftToOthers().size).toBe(0);
  });
});
