import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis, type JobWriter } from '@aistudio/core';

import { startApi } from '../../e2e/support/api-process.ts';
import { startRedis } from '../../e2e/support/redis-server.ts';
import { startStandInDriver } from '../../e2e/support/stand-in-driver.ts';
import { arrivals, chatOf, openStream } from '../chat.ts';
import { type Figure, now } from '../figure.ts';
import { twoStreamHops } from '../floors.ts';

const STREAMS = 50;
const PIECES = 200;
const SPACING_MS = 10;
/** Each piece says when it was written: so many digits of epoch ms. */
const DIGITS = 17;

/** Fifty answers at once of a hundred pieces a second: from the driver's write to the clients' sockets. */
export const manyStreams: Figure = {
  name: `${STREAMS} streams at ${1000 / SPACING_MS} pieces/s, driver → client socket`,
  unit: 'ms',
  targets: [[0.5, 20]],
  floorName: 'two Redis Stream hops, one message at a time',
  async measure() {
    await using server = await startRedis();
    await using redis = await connectRedis(server.url);
    await using driver = await startStandInDriver(redis);
    driver.worker.concurrency = STREAMS;
    await driver.reset();
    driver.answer = write;
    await using api = await startApi(server.url, { QUEUE_LIMIT: String(2 * STREAMS) });
    const stack = { baseUrl: `${api.url}/v1` };
    const read = async (): Promise<number[]> => {
      const samples: number[] = [];
      const response = await openStream({ stack }, chatOf('hi'));
      for await (const { at, text } of arrivals(response)) {
        for (let from = 0; from < text.length; from += DIGITS) {
          samples.push(at - Number(text.slice(from, from + DIGITS)));
        }
      }
      return samples;
    };
    const samples = (await Promise.all(Array.from({ length: STREAMS }, read))).flat();
    return { samples, floor: await twoStreamHops(redis, 100, SPACING_MS) };
  },
};

async function write(writer: JobWriter): Promise<void> {
  await writer.append({ type: 'started', tier: 'stream-proxy', model: 'm' });
  const writing: Promise<unknown>[] = [];
  for (let piece = 0; piece < PIECES; piece++) {
    const text = now().toFixed(3).padStart(DIGITS, '0');
    writing.push(writer.append({ type: 'text', text }));
    await delay(SPACING_MS);
  }
  await Promise.all(writing);
  await writer.append({ type: 'finish', reason: 'stop' });
}
