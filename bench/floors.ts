import { setTimeout as delay } from 'node:timers/promises';

import { duplicateConnection, type RedisConnection } from '@aistudio/core';
import { type Page } from 'playwright';

import { now } from './figure.ts';

/**
 * One message by way of two Redis Streams, as from the proxy to the driver to the API; ms. One every
 * `spacingMs`: a process that slept for long takes longer to wake.
 */
export async function twoStreamHops(
  redis: RedisConnection,
  count: number,
  spacingMs: number,
): Promise<number[]> {
  const [near, far] = ['bench:hop:near', 'bench:hop:far'];
  await using nearEnd = duplicateConnection(redis);
  await using farEnd = duplicateConnection(redis);
  const samples: number[] = [];
  let [passed, arrived] = ['0', '0'];
  const pass = async (): Promise<void> => {
    const reply = await nearEnd.xread('BLOCK', 0, 'STREAMS', near, passed);
    passed = reply?.[0]?.[1][0]?.[0] ?? passed;
    await redis.xadd(far, '*', 'text', 'abcd');
  };
  const arrive = async (): Promise<number> => {
    const reply = await farEnd.xread('BLOCK', 0, 'STREAMS', far, arrived);
    arrived = reply?.[0]?.[1][0]?.[0] ?? arrived;
    return now();
  };
  for (let round = 0; round < count; round++) {
    const passing = pass();
    const arriving = arrive();
    await delay(spacingMs); // both wait before it is written
    const sentAt = now();
    await redis.xadd(near, '*', 'text', 'abcd');
    await passing;
    samples.push((await arriving) - sentAt);
  }
  await redis.del(near, far);
  return samples;
}

/** A question to a page and back, ms. */
export async function roundTrips(page: Page, count: number): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < count; round++) {
    const from = now();
    await page.evaluate(() => document.readyState);
    samples.push(now() - from);
  }
  return samples;
}

/** Going to an empty page, ms. */
export async function navigations(page: Page, count: number): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < count; round++) {
    const from = now();
    await page.goto(`data:text/html,${round}`);
    samples.push(now() - from);
  }
  return samples;
}
