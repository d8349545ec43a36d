import { type Redis } from 'ioredis';
import { z } from 'zod';

import { names } from './redis.ts';

/** How often a process says that it lives, ms. */
const INTERVAL_MS = 1000;
/** After this long without a sign of life a process counts as gone, ms. */
const FRESH_MS = 4000;

/** One process's last sign of life, as `/health` shows it. */
export const ProcessStatus = z.object({
  kind: z.enum(['api', 'stream-proxy', 'browser-driver']),
  instance: z.string(),
  /** Epoch ms. */
  at: z.number(),
  /** Whether it can do its work now. */
  ready: z.boolean(),
  /** Facts about its state, without secrets: port, slots, model count, key pin, … */
  detail: z.record(z.string(), z.unknown()),
});
export type ProcessStatus = z.infer<typeof ProcessStatus>;

/** What a process tells of itself each time it is asked. */
export type Status = Pick<ProcessStatus, 'ready' | 'detail'>;

/** Publishes `status()` once a second until disposed; `now()` publishes a change at once. */
export async function publishStatus(
  redis: Redis,
  kind: ProcessStatus['kind'],
  instance: string,
  status: () => Status,
): Promise<{ now(): Promise<void> } & AsyncDisposable> {
  const field = `${kind}:${instance}`;
  const now = async (): Promise<void> => {
    const entry: ProcessStatus = { kind, instance, at: Date.now(), ...status() };
    await redis.hset(names.processes, field, JSON.stringify(entry));
  };
  await now();
  const timer = setInterval(() => {
    now().catch(() => undefined); // Redis away: the next beat tries again, readers see it missing
  }, INTERVAL_MS);
  return {
    now,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      if (redis.status === 'ready') await redis.hdel(names.processes, field).catch(() => undefined);
    },
  };
}

/** The processes that gave a sign of life within the last seconds. */
export async function readStatuses(redis: Redis): Promise<ProcessStatus[]> {
  const entries = await redis.hvals(names.processes);
  return entries
    .map((entry) => ProcessStatus.safeParse(JSON.parse(entry)))
    .flatMap((parsed) => (parsed.success ? [parsed.data] : []))
    .filter((status) => Date.now() - status.at < FRESH_MS);
}
