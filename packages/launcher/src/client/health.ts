import { setTimeout as delay } from 'node:timers/promises';

import { deadline } from '@aistudio/core';
import { z } from 'zod';

/** How long `GET /health` may take to say what is waited for once every process is up, ms. */
const DECIDED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** What we read of `GET /health`. */
export const Health = z.object({
  ready: z.boolean(),
  parts: z.record(
    z.string(),
    z.looseObject({
      instances: z
        .array(
          z.object({
            detail: z.looseObject({ reason: z.string().optional() }),
          }),
        )
        .default([]),
    }),
  ),
});
export type Health = z.infer<typeof Health>;

/** Whether a person must sign in before a prompt can be answered. */
export function needsSignIn({ parts }: Health): boolean {
  const instances = parts['browser-driver']?.instances ?? [];
  return instances.some(({ detail }) => detail.reason === 'not_signed_in');
}

/** Looks until `isEnough`. Throws what `GET /health` said last when that never comes. */
export async function untilHealth(
  address: string,
  isEnough: (health: Health) => boolean,
  signal: AbortSignal,
): Promise<Health> {
  let last = 'nothing';
  const late = (): Error => new Error(`Not healthy in time; GET /health said ${last}`);
  using limit = deadline(DECIDED_WITHIN_MS, late, signal);
  for (;;) {
    try {
      const response = await fetch(`${address}/health`, { signal: limit.signal });
      last = await response.text();
      const health = Health.parse(JSON.parse(last));
      if (isEnough(health)) return health;
    } catch {
      // not listening yet, or out of time
    }
    limit.signal.throwIfAborted();
    await delay(LOOK_EVERY_MS);
  }
}
