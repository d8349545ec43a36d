import { connectRedis, loadConfig, ProcessStatus, readStatuses } from '@aistudio/core';

/**
 * `ready KIND`: exits 0 when a process of that kind says in Redis that it can do its work, else 1. A
 * container's health check.
 */
async function main(): Promise<number> {
  const kind = ProcessStatus.shape.kind.parse(process.argv[2]);
  const { REDIS_URL } = loadConfig();
  if (!REDIS_URL) throw new Error('REDIS_URL is not set: say where Redis is.');
  await using redis = await connectRedis(REDIS_URL);
  const statuses = await readStatuses(redis);
  return statuses.some((status) => status.kind === kind && status.ready) ? 0 : 1;
}

process.exitCode = await main();
