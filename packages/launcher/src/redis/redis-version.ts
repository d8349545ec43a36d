import { connectRedis } from '@aistudio/core';

import { isRecentRedis } from '../setup/programs.ts';

/** Throws one line that says how to mend it when this Redis does not answer, or is too old for us. */
export async function requireRecentRedis(url: string): Promise<void> {
  await using redis = await connectRedis(url);
  const information = await redis.info('server');
  const version = /^redis_version:(\S+)/m.exec(information)?.[1] ?? 'unknown';
  if (isRecentRedis(`v=${version}`)) return;
  throw new Error(
    `The Redis of REDIS_URL is version ${version}; 6.2 or newer is needed. Update it, or leave REDIS_URL unset: then a private one is started.`,
  );
}
