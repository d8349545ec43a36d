import { names, readCapacities, readStatuses, shortestCooldown, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** Throws `not_ready` while Redis is away: a command would wait for its return. */
export function requireRedis(redis: Redis): void {
  if (redis.status === 'ready') return;
  throw new StudioError('not_ready', 'Redis does not answer at the moment.', {
    retryAfterSeconds: 2,
  });
}

/**
 * Throws unless a browser driver is there to take a job: `not_signed_in` or `not_ready`, also where
 * Redis takes no writes, so that no driver can give a sign of life.
 */
export async function requireDriver(redis: Redis): Promise<void> {
  const statuses = await readStatuses(redis);
  const drivers = statuses.filter((status) => status.kind === 'browser-driver');
  if (drivers.length === 0) await redis.set(names.probe, '1', 'PX', 1000);
  if (drivers.some((driver) => driver.ready)) return;
  if (drivers.some((driver) => driver.detail['reason'] === 'not_signed_in')) {
    throw new StudioError(
      'not_signed_in',
      'Nobody is signed in to Google AI Studio. Run `pnpm signin` on the server.',
    );
  }
  throw new StudioError(
    'not_ready',
    drivers.length === 0
      ? 'No browser driver is running. Start it, or look at GET /health.'
      : 'The browser is not ready yet. GET /health says why.',
    { retryAfterSeconds: 5 },
  );
}

/** Throws `rate_limit_exceeded` while the model's quota rests for every account that could be asked. */
export async function requireQuota(redis: Redis, model: string): Promise<void> {
  const cooldown = shortestCooldown(await readCapacities(redis), model);
  if (!cooldown) return;
  const retryAfterSeconds = Math.ceil(cooldown.ms / 1000);
  throw new StudioError(
    'rate_limit_exceeded',
    `AI Studio's quota for ${model} is used up for now; it is tried again in ${retryAfterSeconds} s. ${cooldown.reason}`.trim(),
    { retryAfterSeconds },
  );
}
