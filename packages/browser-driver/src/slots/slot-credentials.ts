import { createHash, randomBytes } from 'node:crypto';

import { type Log, names } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** How long a secret outlives its process, ms. */
const KEEP_MS = 60_000;

/** What a slot shows at the stream proxy: nobody else can use the port, and captures know their slot. */
export interface SlotCredentials extends AsyncDisposable {
  readonly username: string;
  readonly password: string;
}

/** Makes a password for a slot and keeps its hash known to the proxy until disposed. */
export async function createSlotCredentials(
  redis: Redis,
  slot: string,
  log: Log,
): Promise<SlotCredentials> {
  const password = randomBytes(24).toString('base64url');
  const hash = createHash('sha256').update(password).digest('hex');
  const publish = async (): Promise<void> => {
    await redis.set(names.slotSecret(slot), hash, 'PX', KEEP_MS);
  };
  await publish();
  const timer = setInterval(() => {
    publish().catch((error: unknown) => log.warn('slot secret not renewed', { slot, error }));
  }, KEEP_MS / 4);
  return {
    username: slot,
    password,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      if (redis.status === 'ready')
        await redis.del(names.slotSecret(slot), names.capture(slot), names.slotJob(slot));
    },
  };
}
