import { EventLoopDelay, readCapacities, readStatuses, shortestCooldown } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { inTime } from '../http/in-time.ts';
import { requireRedis } from './admission.ts';
import { type PromptQueue } from './queue/prompt-queue.ts';

const REDIS_LIMIT_MS = 1000;

/** What waits and what has to wait. */
export interface Load {
  /** Prompts that are not answered yet. */
  readonly prompts: { readonly queued: number; readonly running: number };
  /** The models whose quota rests for every account, and for how many seconds more. */
  readonly cooldowns: readonly { readonly model: string; readonly seconds: number }[];
  /** How late each process's event loop was. */
  readonly eventLoops: readonly (EventLoopDelay & {
    readonly process: string;
    readonly instance: string;
  })[];
}

/** The load on all API processes together; undefined when Redis does not tell in time. */
export async function readLoad(redis: Redis, queue: PromptQueue): Promise<Load | undefined> {
  const look = async (): Promise<Load> => {
    requireRedis(redis);
    const [prompts, cooldowns, eventLoops] = await Promise.all([
      queue.count(),
      readCooldowns(redis),
      readEventLoops(redis),
    ]);
    return { prompts, cooldowns, eventLoops };
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

async function readEventLoops(redis: Redis): Promise<Load['eventLoops']> {
  return (await readStatuses(redis)).flatMap(({ kind, instance, detail }) => {
    const { success, data } = EventLoopDelay.safeParse(detail['eventLoop']);
    return success ? [{ process: kind, instance, ...data }] : [];
  });
}
