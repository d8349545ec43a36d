import { readCapacities, shortestCooldown } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { requireRedis } from './admission.ts';
import { inTime } from './in-time.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';

const REDIS_LIMIT_MS = 1000;

/** What waits and what has to wait. */
export interface Load {
  /** Prompts that are not answered yet. */
  readonly prompts: { readonly queued: number; readonly running: number };
  /** The models whose quota rests for every account, and for how many seconds more. */
  readonly cooldowns: readonly { readonly model: string; readonly seconds: number }[];
}

/** The load on all API processes together; undefined when Redis does not tell in time. */
export async function readLoad(redis: Redis, queue: PromptQueue): Promise<Load | undefined> {
  const look = async (): Promise<Load> => {
    requireRedis(redis);
    const [prompts, cooldowns] = await Promise.all([queue.count(), readCooldowns(redis)]);
    return { prompts, cooldowns };
  };
  return inTime(look(), REDIS_LIMIT_MS).catch(() => undefined);
}

async function readCooldowns(redis: Redis): Promise<Load['cooldowns']> {
  const capacities = await readCapacities(redis);
  const models = new Set(capacities.flatMap(({ cooldowns }) => [...cooldowns.keys()]));
  return [...models].flatMap((model) => {
    const cooldown = shortestCooldown(capacities, model);
    return cooldown ? [{ model, seconds: cooldown.ms / 1000 }] : [];
  });
}
