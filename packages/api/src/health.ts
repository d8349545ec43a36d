import { ModelList, names, type ProcessStatus, readStatuses } from '@aistudio/core';
import { type Redis } from 'ioredis';

const REDIS_DEADLINE_MS = 1000;

/** One part of the system: whether it can do its work, and what it says of itself. */
export interface PartHealth {
  readonly ready: boolean;
  readonly [fact: string]: unknown;
}

/** What `GET /health` shows. `live`: this process runs; `ready`: a prompt would be answered. */
export interface Health {
  readonly status: 'ok' | 'unavailable';
  readonly live: true;
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, PartHealth>>;
}

/** A process that a prompt needs besides this one. */
export type NeededProcess = Exclude<ProcessStatus['kind'], 'api'>;

/** What Redis knows of the others. */
interface Sight {
  readonly statuses: readonly ProcessStatus[];
  readonly modelCount: number;
}

/** Looks at every part that a prompt needs. Never throws: what cannot be seen is not ready. */
export async function readHealth(redis: Redis, needed: readonly NeededProcess[]): Promise<Health> {
  const sight = await inTime(look(redis)).catch(() => undefined);
  const parts: Record<string, PartHealth> = { redis: { ready: sight !== undefined } };
  for (const kind of needed) {
    const instances = (sight?.statuses ?? []).filter((status) => status.kind === kind);
    parts[kind] = {
      ready: instances.some((instance) => instance.ready),
      instances: instances.map(({ instance, ready, detail }) => ({ instance, ready, detail })),
    };
  }
  const count = sight?.modelCount ?? 0;
  parts['models'] = { ready: count > 0, count };
  const ready = Object.values(parts).every((part) => part.ready);
  return { status: ready ? 'ok' : 'unavailable', live: true, ready, parts };
}

async function look(redis: Redis): Promise<Sight> {
  const [statuses, stored] = await Promise.all([readStatuses(redis), redis.get(names.models)]);
  const models = stored === null ? [] : ModelList.parse(JSON.parse(stored)).models;
  return { statuses, modelCount: models.length };
}

/** `work`'s result, unless it takes longer than a health check may. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooSlow = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Redis takes too long')), REDIS_DEADLINE_MS);
  });
  try {
    return await Promise.race([work, tooSlow]);
  } finally {
    clearTimeout(timer);
  }
}
