import { randomUUID } from 'node:crypto';

import {
  beginAttempt,
  cancelJob,
  closeJob,
  connectRedis,
  type JobEvent,
  type JobWriter,
  names,
  readJobEvents,
  type RedisConnection,
  renewReaderLease,
  StudioError,
} from '@aistudio/core';
import { collect } from '@aistudio/core/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';

import { keepForAll } from './keep.ts';
import { startRedis } from './redis-server.ts';

const text = (piece: string): JobEvent => ({ type: 'text', text: piece });
const finish: JobEvent = { type: 'finish', reason: 'stop' };
const forEver = new AbortController().signal;

let server: Awaited<ReturnType<typeof startRedis>>;
let redis: RedisConnection;

const keep = keepForAll();
beforeAll(async () => {
  server = keep(await startRedis());
  redis = keep(await connectRedis(server.url));
});

async function begin(id: string): Promise<JobWriter> {
  const writer = await beginAttempt(redis, id);
  if (!writer) throw new Error('nothing to do');
  return writer;
}

describe('a job’s event stream', () => {
  it('gives every event once and in order, to a reader that comes early and one that comes late', async () => {
    const id = randomUUID();
    const early = collect(readJobEvents(redis, id, forEver));
    const writer = await begin(id);
    const events = [...Array.from({ length: 300 }, (_, index) => text(`${index} `)), finish];
    for (const event of events) expect(await writer.append(event)).toBe(true);

    expect(await early).toEqual(events);
    expect(await collect(readJobEvents(redis, id, forEver))).toEqual(events);
  });

  it('takes one terminal event and nothing after it', async () => {
    const id = randomUUID();
    const writer = await begin(id);
    const closed = await Promise.all([writer.append(finish), closeJob(redis, id, new Error('x'))]);

    expect(closed).toEqual([true, false]);
    expect(await writer.append(text('late'))).toBe(false);
    expect(await beginAttempt(redis, id)).toBeUndefined();
    expect(await collect(readJobEvents(redis, id, forEver))).toEqual([finish]);
  });

  it('takes an event once, though a connection that missed the reply sends it again', async () => {
    const id = randomUUID();
    const twice = new Proxy(redis, {
      get: (target, name) =>
        name === 'eval'
          ? async (...command: Parameters<typeof redis.eval>) => {
              await target.eval(...command);
              return target.eval(...command);
            }
          : Reflect.get(target, name),
    });
    const writer = await beginAttempt(twice, id);
    const events = [text('once '), text('once '), finish];
    for (const event of events) expect(await writer?.append(event)).toBe(true);
    expect(await collect(readJobEvents(redis, id, forEver))).toEqual(events);
  });

  it('drops what a writer says after a later attempt began', async () => {
    const id = randomUUID();
    const first = await begin(id);
    const second = await begin(id);

    expect(await first.append(text('stale'))).toBe(false);
    expect(await first.renew()).toBe('stale');
    await second.append(text('fresh'));
    await second.append(finish);
    expect(await collect(readJobEvents(redis, id, forEver))).toEqual([text('fresh'), finish]);
  });

  it('never restarts a job that has sent content: the second attempt ends it as worker_lost', async () => {
    const id = randomUUID();
    await (await begin(id)).append(text('half an ans'));

    expect(await beginAttempt(redis, id)).toBeUndefined();
    expect(await collect(readJobEvents(redis, id, forEver))).toEqual([
      text('half an ans'),
      { type: 'error', error: expect.objectContaining({ status: 502, code: 'worker_lost' }) },
    ]);
  });

  it('ends as worker_lost when the worker’s lease lapses after content', async () => {
    const id = randomUUID();
    await (await begin(id)).append(text('half'));
    const reading = collect(readJobEvents(redis, id, forEver));
    await redis.del(names.writerLease(id)); // what Redis does six seconds after the last renewal

    expect((await reading).at(-1)).toMatchObject({ type: 'error', error: { code: 'worker_lost' } });
  });

  it('tells the writer that the job was cancelled, or that nobody reads it', async () => {
    const id = randomUUID();
    const writer = await begin(id);

    expect(await writer.renew()).toBe('unread');
    await renewReaderLease(redis, id, 'reader');
    expect(await writer.renew()).toBe('ok');
    await cancelJob(redis, id);
    expect(await writer.renew()).toBe('cancelled');
  });

  it('lets a reader go at once when its signal aborts', async () => {
    const id = randomUUID();
    const reader = new AbortController();
    const reading = collect(readJobEvents(redis, id, reader.signal));
    reader.abort(new StudioError('request_cancelled', 'gone'));

    await expect(reading).rejects.toThrow('gone');
  });

  it('keeps a finished job readable for a while, then forgets it', async () => {
    const id = randomUUID();
    await (await begin(id)).append(finish);

    for (const key of [names.events(id), names.state(id)]) {
      const ttl = await redis.pttl(key);
      expect(ttl).toBeGreaterThan(60_000);
      expect(ttl).toBeLessThanOrEqual(600_000);
    }
    expect(await redis.exists(names.writerLease(id))).toBe(0);
  });
});
