import { type Cooldown, names, setCooldown } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** The account of whoever is not signed in, as with the simulator. */
export const NOBODY = 'none';

/** Lets a model rest for the account without a sign-in. */
export const rest = (redis: Redis, model: string, seconds: number): Promise<void> => {
  const cooldown: Cooldown = {
    account: NOBODY,
    model,
    ms: seconds * 1000,
    reason: 'Quota used up.',
  };
  return setCooldown(redis, cooldown);
};

/** Ends every rest. */
export async function forgetCooldowns(redis: Redis): Promise<void> {
  const keys = await redis.keys(names.cooldowns('*'));
  if (keys.length > 0) await redis.del(...keys);
}
