import { describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { requireDriver, requireQuota, requireRedis } from './admission.ts';

/** A Redis with these signs of life, and these cooldowns of the first account. */
function redisWith(
  drivers: readonly object[],
  cooldowns: readonly unknown[] = [],
  status = 'ready',
) {
  const written: string[] = [];
  const redis = {
    status,
    set: async (key: string) => void written.push(key),
    aistudioReadEntries: async () =>
      drivers.map((driver) =>
        JSON.stringify({
          kind: 'browser-driver',
          instance: 'a',
          at: 0,
          ready: true,
          detail: {},
          ...driver,
        }),
      ),
    aistudioReadCooldowns: async () => cooldowns,
  };
  return { redis: redis as unknown as Redis, written };
}
const refusal = (driver: readonly object[]): Promise<unknown> =>
  requireDriver(redisWith(driver).redis).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a prompt', () => {
  it('is not taken while Redis is away', () => {
    expect(() => requireRedis(redisWith([], [], 'reconnecting').redis)).toThrow('Redis');
    expect(() => requireRedis(redisWith([]).redis)).not.toThrow();
  });

  it('is taken where any driver is ready', async () => {
    const out = { ready: false, detail: { reason: 'not_signed_in' } };
    expect(await refusal([out, {}])).toBeUndefined();
  });

  it('is refused with what a person has to do, or when to try again', async () => {
    expect(await refusal([])).toMatchObject({
      code: 'not_ready',
      message: expect.stringContaining('No browser driver is running'),
      retryAfterSeconds: 5,
    });
    expect(await refusal([{ ready: false }])).toMatchObject({
      code: 'not_ready',
      message: expect.stringContaining('not ready yet'),
    });
    expect(await refusal([{ kind: 'api' }])).toMatchObject({
      message: expect.stringContaining('No browser driver is running'),
    });
    const out = { ready: false, detail: { reason: 'not_signed_in' } };
    expect(await refusal([{ ready: false }, out])).toMatchObject({ code: 'not_signed_in' });
  });

  it('finds out that Redis takes no writes where no driver gives a sign of life', async () => {
    const alone = redisWith([]);
    await expect(requireDriver(alone.redis)).rejects.toThrow('No browser driver');
    expect(alone.written).toHaveLength(1);
    const served = redisWith([{}]);
    await requireDriver(served.redis);
    expect(served.written).toEqual([]);
  });

  it('is refused while its model rests for all accounts, with the time that is left', async () => {
    const resting = redisWith([{}], [[0, 'm', 20_500, 'Quota.']]).redis;
    await expect(requireQuota(resting, 'm')).rejects.toMatchObject({
      code: 'rate_limit_exceeded',
      message: expect.stringMatching(/for m .* in 21 s\. Quota\.$/),
      retryAfterSeconds: 21,
    });
    await expect(requireQuota(resting, 'another')).resolves.toBeUndefined();
  });
});
