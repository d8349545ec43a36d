import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { type RedisConnection } from '@aistudio/core';
import { Queue, Worker } from 'bullmq';

import { chatOf, phasesOf, untilWarm } from '../chat.ts';
import { type Figure, now, repeat } from '../figure.ts';

const RUNS = 100;
/** A page that is ready still draws: what that takes of the machine is no part of the queue's way. */
const SETTLE_MS = 150;

/** From the request's arrival to the worker that takes its job. */
export const queue: Figure = {
  name: 'accept → job started',
  unit: 'ms',
  targets: [
    [0.5, 5],
    [0.99, 25],
  ],
  floorName: 'BullMQ: add → start',
  async measure(bench) {
    const ask = async (): Promise<number> => {
      await untilWarm(bench);
      await delay(SETTLE_MS);
      return (await phasesOf(bench, chatOf('echo: x')))['queue'] ?? Number.NaN;
    };
    await ask(); // the first one is compiled on its way
    const samples = await repeat(RUNS, bench, ask);
    return { samples, floor: await bareQueue(bench.redis, samples.length) };
  },
};

async function bareQueue(connection: RedisConnection, count: number): Promise<number[]> {
  const options = { connection, prefix: `bench:${randomUUID()}` };
  const bare = new Queue<{ at: number }>('bare', options);
  const samples: number[] = [];
  const worker = new Worker<{ at: number }>(
    'bare',
    ({ data }) => Promise.resolve(samples.push(now() - data.at)),
    options,
  );
  await worker.waitUntilReady();
  for (let round = 0; round < count; round++) {
    const completed = once(worker, 'completed');
    await bare.add('job', { at: now() }, { removeOnComplete: true });
    await completed;
  }
  await worker.close();
  await bare.obliterate();
  await bare.close();
  return samples;
}
