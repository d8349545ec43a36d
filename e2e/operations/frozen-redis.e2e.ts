import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

import {
  beginAttempt,
  connectRedis,
  names,
  openJobStreams,
  type RedisConnection,
  renewReaderLease,
  toRedisFailure,
} from '@aistudio/core';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { atEnd, keepForAll } from '../support/keep.ts';
import { startRedis } from '../support/redis-server.ts';

/** A network path to Redis that can freeze: nothing passes any more, and nobody says so. */
class Path {
  readonly #server: Server;
  readonly #ends = new Set<Socket>();
  /** Whether connections that are made from now on are frozen, too. */
  isBlocked = false;

  constructor(socketPath: string) {
    this.#server = createServer((near) => {
      const far = connect(socketPath);
      near.pipe(far).pipe(near);
      for (const end of [near, far]) {
        this.#ends.add(end);
        end.on('error', () => end.destroy());
      }
      if (this.isBlocked) this.freeze();
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `redis://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  /** Of the connections that there are. */
  freeze(): void {
    for (const end of this.#ends) end.unpipe().pause();
    this.#ends.clear();
  }

  close(): void {
    this.#server.close();
  }
}

let path: Path;
let url: string;
let direct: RedisConnection;
const keep = keepForAll();
beforeAll(async () => {
  const server = keep(await startRedis());
  path = new Path(server.url.replace('unix://', ''));
  keep(atEnd(() => path.close()));
  url = await path.listen();
  direct = keep(await connectRedis(server.url));
});
beforeEach(async () => {
  path.isBlocked = false;
  await direct.flushall();
});

describe('a path to Redis that freezes without an error', () => {
  it('is left for another, and what was under way is done', async () => {
    await using redis = await connectRedis(url, { silenceMs: 300 });
    await redis.set('a', '1');
    path.freeze();
    expect(await redis.incr('a')).toBe(2);
  });

  it('keeps no answer from its reader', async () => {
    await using redis = await connectRedis(url, { silenceMs: 300 });
    await direct.set(names.plan('one'), '{}');
    await renewReaderLease(direct, 'one', 'reader');
    const writer = await beginAttempt(direct, 'one');
    if (typeof writer === 'string') throw new Error(`not begun: ${writer}`);
    await using streams = openJobStreams(redis);
    const events = streams.read('one', new AbortController().signal);
    await writer.append({ type: 'text', text: 'before' });
    expect((await events.next()).value).toMatchObject({ text: 'before' });
    path.freeze();
    await writer.append([
      { type: 'text', text: 'after' },
      { type: 'finish', reason: 'stop' },
    ]);
    expect((await events.next()).value).toMatchObject({ text: 'after' });
    expect((await events.next()).value).toMatchObject({ type: 'finish' });
  });

  it('is said to whoever waits for longer than a command may take', async () => {
    await using redis = await connectRedis(url, { silenceMs: 300, commandMs: 1000 });
    path.isBlocked = true;
    path.freeze();
    const failure: unknown = await redis.get('a').catch((error: unknown) => error);
    expect(toRedisFailure(failure)).toMatchObject({ code: 'not_ready' });
  });
});
