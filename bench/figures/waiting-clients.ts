import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis } from '@aistudio/core';

import { startApi } from '../../e2e/support/api-process.ts';
import { startRedis } from '../../e2e/support/redis-server.ts';
import { startStandInDriver } from '../../e2e/support/stand-in-driver.ts';
import { chatOf } from '../chat.ts';
import { type Figure, type Measurement } from '../figure.ts';
import { cpuMs } from '../process-usage.ts';

const CLIENTS = 500;
/** From the last client's request until all of them just wait, and how long they are watched then, ms. */
const SETTLE_MS = 5000;
const LASTS_MS = 10_000;

/** Connections of the API to Redis while so many clients wait for their turn. */
export const waitingConnections: Figure = {
  name: `Redis connections of the API with ${CLIENTS} waiting clients`,
  unit: 'connections',
  targets: [[1, 10]],
  floorName: 'the same without clients',
  measure: async () => (await measureBoth()).connections,
};

/** What these clients cost it, of one core. */
export const waitingCpu: Figure = {
  name: `CPU of the API with ${CLIENTS} waiting clients`,
  unit: '%',
  targets: [[1, 3]],
  floorName: 'the same without clients',
  measure: async () => (await measureBoth()).cpu,
};

interface Both {
  readonly connections: Measurement;
  readonly cpu: Measurement;
}
let measured: Promise<Both> | undefined;
const measureBoth = (): Promise<Both> => (measured ??= measure());

async function measure(): Promise<Both> {
  await using server = await startRedis();
  await using redis = await connectRedis(server.url);
  await using driver = await startStandInDriver(redis);
  await driver.worker.pause(true); // nobody is answered
  const before = await connectionsOf(redis);
  await using api = await startApi(server.url, { QUEUE_LIMIT: String(2 * CLIENTS) });
  const look = async (): Promise<{ connections: number; share: number }> => {
    await delay(SETTLE_MS);
    const spent = cpuMs(api.child.pid ?? 0);
    await delay(LASTS_MS);
    const share = ((cpuMs(api.child.pid ?? 0) - spent) / LASTS_MS) * 100;
    return { connections: (await connectionsOf(redis)) - before, share };
  };
  const alone = await look();
  const body = JSON.stringify(chatOf('hi', { stream: true }));
  const headers = { 'content-type': 'application/json' };
  const clients = Array.from({ length: CLIENTS }, () => {
    const client = http.request(`${api.url}/v1/chat/completions`, { method: 'POST', headers });
    client.on('error', () => undefined); // it is cut off in the end
    client.end(body);
    return client;
  });
  const crowded = await look();
  for (const client of clients) client.destroy();
  return {
    connections: { samples: [crowded.connections], floor: [alone.connections] },
    cpu: { samples: [crowded.share], floor: [alone.share] },
  };
}

async function connectionsOf(redis: { info(section: string): Promise<string> }): Promise<number> {
  const info = await redis.info('clients');
  return Number(/^connected_clients:(\d+)/m.exec(info)?.[1]);
}
