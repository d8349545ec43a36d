import { type Redis } from 'ioredis';
import { z } from 'zod';

import { TierName } from './events.ts';
import { readEntries, writeEntry } from './expiring-entries.ts';
import { names } from './redis.ts';

/** How often a process says that it lives, ms. */
const INTERVAL_MS = 1000;
/** After this long without a sign of life a process counts as gone, ms by Redis' clock. */
const FRESH_MS = 4000;

const SIGNS_OF_LIFE = { index: names.processes, keyOf: names.process };

/** One process's last sign of life, as `/health` shows it. */
export const ProcessStatus = z.object({
  kind: z.enum(['api', 'stream-proxy', 'browser-driver']),
  instance: z.string(),
  /** Epoch ms, by the process's own clock: for people to read, not to compare. */
  at: z.number(),
  /** Whether it can do its work now. */
  ready: z.boolean(),
  /** Facts about its state, without secrets: port, slots, model count, key pin, … */
  detail: z.record(z.string(), z.unknown()),
});
export type ProcessStatus = z.infer<typeof ProcessStatus>;

/**
 * What `/health` shows of one slot. `opening` has not been usable yet; `resetting` was, and gets an
 * empty chat for its next prompt, which may well be waiting already.
 */
export const SlotStatus = z.object({
  id: z.string(),
  state: z.enum(['opening', 'ready', 'busy', 'resetting', 'failed']),
  /** Why it failed. */
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  /** Why it does not work as it should, though it works. */
  degraded: z.string().optional(),
});
export type SlotStatus = z.infer<typeof SlotStatus>;

/** What `/health` shows of the worker's profile. */
export const ProfileStatus = z.object({
  name: z.string(),
  isSignedIn: z.boolean(),
  /** When the first of the session's cookies expires, ISO 8601. */
  expiresAt: z.string().optional(),
  /** What a person should do before that, once it is near. */
  warning: z.string().optional(),
});
export type ProfileStatus = z.infer<typeof ProfileStatus>;

/** What `/health` shows of the page packs in use. */
export const PagePackStatus = z.object({
  /** Their names; the first goes before the others. */
  packs: z.array(z.string()),
  /** Changes with any of them; `none` without packs. */
  digest: z.string(),
  /** What is wrong with a file, and what to do. */
  problems: z.array(z.string()),
});
export type PagePackStatus = z.infer<typeof PagePackStatus>;

/** What `/health` shows of the last examination of an idle page. */
export const PageCheckStatus = z.object({
  /** ISO 8601 */
  checkedAt: z.string(),
  /** What no prompt can do without, and was not found. */
  missing: z.array(z.string()),
  /** What is found in another way than the time before; sentences. */
  changes: z.array(z.string()),
});
export type PageCheckStatus = z.infer<typeof PageCheckStatus>;

/** The `detail` of a browser driver. */
export const DriverDetail = z.object({
  slots: z.array(SlotStatus).default([]),
  profile: ProfileStatus.optional(),
  pagePacks: PagePackStatus.optional(),
  /** Absent until a page was examined. */
  page: PageCheckStatus.optional(),
  /** The tiers that it would try now, in their order. */
  tiers: z.array(TierName).default([]),
  /** Code of what keeps it from being ready. */
  reason: z.string().optional(),
  /** Its account, by a name that gives nothing of it away. */
  account: z.string().default('none'),
  /** Why none of its pages works, nor will by itself: it takes no prompts that another could. */
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  /** Ids of the models its account is offered; absent while that is not known. */
  models: z.array(z.string()).optional(),
});
export type DriverDetail = z.infer<typeof DriverDetail>;

/** The reply header by which a stream proxy says which one it is: the `id` of its `detail`. */
export const PROXY_ID_HEADER = 'x-aistudio-proxy';

/** An address that only a proxy of ours answers, itself: with 200 whoever has its credentials, else 407. */
export const PROXY_HOME = 'http://stream-proxy.invalid/';

/** The `detail` of a stream proxy that listens. */
export const StreamProxyDetail = z.object({
  /** New at each start. */
  id: z.string(),
  port: z.int(),
  /** Pin of its key: base64 SHA-256 of the SPKI. */
  spki: z.string(),
  /** Whether it stops: what passes goes on, nothing new is to go through it. */
  isDraining: z.boolean().default(false),
});
export type StreamProxyDetail = z.infer<typeof StreamProxyDetail>;

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
    await writeEntry(redis, SIGNS_OF_LIFE, field, JSON.stringify(entry), FRESH_MS);
  };
  await now();
  const timer = setInterval(() => {
    now().catch(() => undefined); // Redis away: the next beat tries again, readers see it missing
  }, INTERVAL_MS);
  return {
    now,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      if (redis.status === 'ready') await redis.del(names.process(field)).catch(() => undefined);
    },
  };
}

/** The processes that gave a sign of life within the last seconds; the clock is Redis' own. */
export async function readStatuses(redis: Redis): Promise<ProcessStatus[]> {
  const living = await readEntries(redis, SIGNS_OF_LIFE);
  return living
    .map((entry) => ProcessStatus.safeParse(JSON.parse(entry)))
    .flatMap((parsed) => (parsed.success ? [parsed.data] : []));
}

/** Forgets every sign of life. For whoever has just started Redis, and so knows that no process uses it. */
export async function forgetStatuses(redis: Redis): Promise<void> {
  const fields = await redis.smembers(names.processes);
  await redis.del(names.processes, ...fields.map((field) => names.process(field)));
}
