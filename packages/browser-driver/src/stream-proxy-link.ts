import { readStatuses, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';
import { z } from 'zod';

/** What the stream proxy says of itself (architecture: Chromium trusts it by this pin). */
const ProxyDetail = z.object({ port: z.int(), spki: z.string() });
export type ProxyDetail = z.infer<typeof ProxyDetail>;

/** Finds the running stream proxy. Throws `not_ready` while there is none. */
export async function findStreamProxy(redis: Redis): Promise<ProxyDetail> {
  for (const { kind, ready, detail } of await readStatuses(redis)) {
    const parsed = ProxyDetail.safeParse(detail);
    if (kind === 'stream-proxy' && ready && parsed.success) return parsed.data;
  }
  throw new StudioError('not_ready', 'The stream proxy is not running yet.', {
    retryAfterSeconds: 5,
  });
}
