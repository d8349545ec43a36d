import { DriverDetail, ProfileStatus, readModelList, readStatuses, TierName } from '@aistudio/core';
import { type Redis } from 'ioredis';
import { z } from 'zod';

import { inTime } from '../http/in-time.ts';
import { requireRedis } from '../jobs/admission.ts';

const REDIS_LIMIT_MS = 1000;

/** One part of the system: whether it can do its work. */
interface PartHealth {
  readonly ready: boolean;
}

/** A part of which there may be several; one that can work is enough. */
interface ProcessHealth<Detail> extends PartHealth {
  readonly instances: readonly {
    readonly instance: string;
    readonly ready: boolean;
    readonly detail: Detail;
  }[];
}

/** What of a stream proxy's `detail` is shown. */
const ProxyDetail = z.object({
  /** Records that it could not tell the browser driver of. */
  lostRecords: z.int().optional(),
});

/** What of a browser driver's `detail` is shown: a profile's name may be somebody's own. */
const ShownDetail = DriverDetail.omit({ account: true, models: true }).extend({
  profile: ProfileStatus.omit({ name: true }).optional(),
});
type ShownDetail = z.infer<typeof ShownDetail>;

/** What the parts say. Nothing in it is secret: whoever reaches the port may read it. */
export interface Health {
  /** `degraded`: prompts are answered, though a part is missing or a first choice is not taken. */
  readonly status: 'ok' | 'degraded' | 'unavailable';
  /** This process runs. */
  readonly live: true;
  /** A prompt would be answered. */
  readonly ready: boolean;
  readonly parts: {
    readonly redis: PartHealth;
    readonly 'browser-driver': ProcessHealth<ShownDetail>;
    /** Absent when STREAM_PORT is 0. */
    readonly 'stream-proxy'?: ProcessHealth<z.infer<typeof ProxyDetail>>;
    readonly models: PartHealth & { readonly count: number };
  };
  /** The tiers that would be tried now, in their order. */
  readonly tiers: readonly TierName[];
}

/**
 * Looks at every part; `hasProxy`: whether there should be a stream proxy, `stopping`: aborted when this
 * process takes nothing more. Never throws: what cannot be seen is not ready.
 */
export async function readHealth(
  redis: Redis,
  hasProxy: boolean,
  stopping: AbortSignal,
): Promise<Health> {
  const sight = await inTime(look(redis), REDIS_LIMIT_MS).catch(() => undefined);
  const { statuses = [], modelCount = 0 } = sight ?? {};
  const processHealth = <Detail>(
    kind: 'browser-driver' | 'stream-proxy',
    schema: z.ZodType<Detail>,
  ): ProcessHealth<Detail> => {
    const instances = statuses.flatMap(({ kind: found, instance, ready, detail }) => {
      const parsed = schema.safeParse(detail);
      return found === kind && parsed.success ? [{ instance, ready, detail: parsed.data }] : [];
    });
    return { ready: instances.some(({ ready }) => ready), instances };
  };
  const driver = processHealth('browser-driver', ShownDetail);
  const parts = {
    redis: { ready: sight !== undefined },
    'browser-driver': driver,
    ...(hasProxy ? { 'stream-proxy': processHealth('stream-proxy', ProxyDetail) } : {}),
    models: { ready: modelCount > 0, count: modelCount },
  };
  const tiers = TierName.options.filter((tier) =>
    driver.instances.some((instance) => instance.ready && instance.detail.tiers.includes(tier)),
  );
  const ready = parts.redis.ready && driver.ready && parts.models.ready && !stopping.aborted;
  const isWhole =
    Object.values(parts).every((part) => part.ready) && !driver.instances.some(isImpaired);
  const status = !ready ? 'unavailable' : isWhole ? 'ok' : 'degraded';
  return { status, live: true, ready, parts, tiers };
}

/** Whether a page of this driver failed, or works in another way than it should. */
const isImpaired = ({ detail }: { readonly detail: ShownDetail }): boolean =>
  detail.slots.some(({ state, degraded }) => state === 'failed' || degraded !== undefined);

async function look(
  redis: Redis,
): Promise<{ statuses: Awaited<ReturnType<typeof readStatuses>>; modelCount: number }> {
  requireRedis(redis);
  const [statuses, list] = await Promise.all([readStatuses(redis), readModelList(redis)]);
  return { statuses, modelCount: list?.models.length ?? 0 };
}
