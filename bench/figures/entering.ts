import { randomUUID } from 'node:crypto';

import { connectRedis, createLogger, PLAIN_SETTINGS } from '@aistudio/core';
import { Queue } from 'bullmq';

import { startRedis } from '../../e2e/support/redis-server.ts';
import { connectQueue } from '../../packages/api/src/jobs/queue/prompt-queue.ts';
import { type Figure, now, repeat } from '../figure.ts';

const RUNS = 200;

/** Getting a place in a queue in which so many wait already. */
const enteringAt = (waiting: number, most: number): Figure => ({
  name: `entering the queue behind ${waiting}`,
  unit: 'ms',
  targets: [[0.5, most]],
  floorName: 'BullMQ: add',
  async measure(bench) {
    await using server = await startRedis(); // the system's own worker would take them
    await using redis = await connectRedis(server.url);
    const log = createLogger('bench', { level: 'error', format: 'pretty' });
    const limits = { prompts: 10_000, bytes: 1e9, planLifetimeMs: 600_000 };
    await using queue = connectQueue(redis, limits, log);
    const plan = {
      model: 'm',
      turns: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: 'hi' }] }],
      settings: PLAIN_SETTINGS,
    };
    const enter = async (): Promise<number> => {
      const from = now();
      const job = { id: randomUUID(), model: 'm', acceptedAt: Date.now(), isBackground: false };
      await queue.enter(job, plan, { owner: 'a', priority: 'normal' });
      return now() - from;
    };
    for (let count = 0; count < waiting; count++) await enter();
    const samples = await repeat(RUNS, bench, enter);
    const bare = new Queue('bare', { connection: redis, prefix: 'bare' });
    const floor = await repeat(RUNS, bench, async () => {
      const from = now();
      await bare.add('job', {}, { priority: 1 });
      return now() - from;
    });
    await bare.close();
    return { samples, floor };
  },
});

export const enteringFigures: readonly Figure[] = [enteringAt(100, 3), enteringAt(2000, 3)];
