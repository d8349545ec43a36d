import {
  connectRedis,
  type ModelInfo,
  names,
  publishModelList,
  readCooldowns,
  readModelList,
  type RedisConnection,
  setCooldown,
} from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { openAccountModels } from '../../packages/browser-driver/src/model-list.ts';
import { keepForAll } from '../support/keep.ts';
import { startRedis } from '../support/redis-server.ts';
import { eventually } from '../support/stand-in-driver.ts';

let redis: RedisConnection;

const keep = keepForAll();
beforeAll(async () => {
  const server = keep(await startRedis());
  redis = keep(await connectRedis(server.url));
});
beforeEach(async () => {
  await redis.flushall();
});

const model = (id: string, displayName = id): ModelInfo => ({
  id,
  displayName,
  aliases: [],
  methods: [],
  capabilities: [],
  thinking: { type: 'none' },
  paidOnly: false,
});

describe('the model list', () => {
  it('is what all accounts are offered together; the newest says what a model is', async () => {
    expect(await readModelList(redis)).toBeUndefined();
    await publishModelList(redis, 'one', { at: 1, models: [model('a', 'old'), model('b')] });
    await publishModelList(redis, 'two', { at: 2, models: [model('a', 'new'), model('c')] });
    const list = await readModelList(redis);
    expect(list?.models).toEqual([model('a', 'new'), model('c'), model('b')]);
    expect(await redis.pttl(names.models('one'))).toBeGreaterThan(0);
    await redis.del(names.models('two')); // what Redis does a minute after its last worker
    expect((await readModelList(redis))?.models.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('is published again when Redis has come back empty', async () => {
    const options = { redis, account: () => 'one', excluded: new Set(['b']), log: silentLog };
    using models = await openAccountModels(options);
    expect(models.current).toBeUndefined();
    models.learn([model('a'), model('b')]);
    models.learn([]); // a page's trouble
    expect(models.current).toEqual([model('a')]);
    await eventually(() => readModelList(redis));
    await redis.flushall();
    const list = await eventually(() => readModelList(redis));
    expect(list.models).toEqual([model('a')]);
  });

  it('is known from the start to a worker that comes back, and not to one of another account', async () => {
    await publishModelList(redis, 'one', { at: 1, models: [model('a')] });
    const open = (account: string) =>
      openAccountModels({ redis, account: () => account, excluded: new Set(), log: silentLog });
    using same = await open('one');
    using other = await open('two');
    expect([same.current, other.current]).toEqual([[model('a')], undefined]);
  });
});

describe('a cooldown', () => {
  it('is one account’s with one model, and ends by itself', async () => {
    const one = { account: 'one', model: 'm', ms: 60_000, reason: 'no more today' };
    await setCooldown(redis, one);
    await setCooldown(redis, { ...one, model: 'n', ms: 20 });
    const [found, ...others] = await eventually(async () => {
      const all = await readCooldowns(redis, ['two', 'one']);
      return all.length === 1 && all; // the other has ended
    });
    expect(found).toMatchObject({ account: 'one', model: 'm', reason: 'no more today' });
    expect(found?.ms).toBeLessThanOrEqual(60_000);
    expect(others).toEqual([]);
    expect(await readCooldowns(redis, ['two'])).toEqual([]);
    expect(await redis.pttl(names.cooldowns('one'))).toBeGreaterThan(50_000);
  });
});
