import { randomUUID } from 'node:crypto';

import {
  beginAttempt,
  checkJob,
  cancelJob,
  closeJob,
  connectRedis,
  type JobEvent,
  type JobWriter,
  names,
  openJobStreams,
  readGivenBackFailure,
  readJobEvents,
  type RedisConnection,
  renewReaderLease,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';
import { collect } from '@aistudio/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';

import { keepForAll } from '../support/keep.ts';
import { startRedis } from '../support/redis-server.ts';

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

/** Begins an attempt at a job that somebody listens to. */
async function begin(id: string): Promise<JobWriter> {
  await renewReaderLease(redis, id, 'reader');
  const writer = await beginAttempt(redis, id);
  if (typeof writer === 'string') throw new Error(`the job is ${writer}`);
  return writer;
}

/** What Redis does six seconds after the worker's last renewal, and what is seen for long after it. */
async function loseWorker(id: string): Promise<void> {
  await redis.del(names.writerLease(id));
  await redis.hset(names.state(id), 'abandonedSince', 0);
}

describe('a job’s event stream', () => {
  it('gives every event once and in order, to a reader that comes early and one that comes late', async () => {
    const id = randomUUID();
    const early = collect(readJobEvents(redis, id, forEver));
    const writer = await begin(id);
    const events = [...Array.from({ length: 300 }, (_, index) => text(`${index} `)), finish];
    for (const event of events.slice(0, 100)) expect(await writer.append(event)).toBe(true);
    expect(await writer.append(events.slice(100))).toBe(true); // as one entry

    expect(await early).toEqual(events);
    expect(await collect(readJobEvents(redis, id, forEver))).toEqual(events);
  });

  it('takes one terminal event and nothing after it', async () => {
    const id = randomUUID();
    const writer = await begin(id);
    const closed = await Promise.all([writer.append(finish), closeJob(redis, id, new Error('x'))]);

    expect(closed).toEqual([true, false]);
    expect(await writer.append(text('late'))).toBe(false);
    expect(await beginAttempt(redis, id)).toBe('over');
    expect(await collect(readJobEvents(redis, id, forEver))).toEqual([finish]);
  });

  it('takes an event once, though a connection that missed the reply sends it again', async () => {
    const id = randomUUID();
    const twice = new Proxy(redis, {
      get: (target, name) =>
        name === 'aistudioAppendEvent'
          ? async (...values: unknown[]) => {
              const append = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
              await append.apply(target, values);
              return append.apply(target, values);
            }
          : Reflect.get(target, name),
    });
    await renewReaderLease(redis, id, 'reader');
    const writer = await beginAttempt(twice, id);
    if (typeof writer === 'string') throw new Error(`the job is ${writer}`);
    const events = [text('once '), text('once '), finish];
    for (const event of events) expect(await writer.append(event)).toBe(true);
    expect(await collect(readJobEvents(redis, id, forEver))).toEqual(events);
  });

  it('drops what a writer says after a later attempt began', async () => {
    const id = randomUUID();
    const first = await begin(id);
    await loseWorker(id);
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
    await loseWorker(id);

    expect(await beginAttempt(redis, id)).toBe('over');
    expect(await collect(readJobEvents(redis, id, forEver))).toEqual([
      text('half an ans'),
      { type: 'error', error: expect.objectContaining({ status: 502, code: 'worker_lost' }) },
    ]);
  });

  it('never begins a second attempt while the first one’s lease is held', async () => {
    const id = randomUUID();
    const first = await begin(id);

    expect(await beginAttempt(redis, id)).toBe('later');
    // Its worker is stopped for four seconds, less than its lease lasts.
    const missingSince = await redis.hget(names.state(id), 'abandonedSince');
    if (missingSince) {
      await redis.hset(names.state(id), 'abandonedSince', Number(missingSince) - 4000);
    }
    expect(await beginAttempt(redis, id)).toBe('later');
    expect(await first.append(text('mine'))).toBe(true);
    expect(await beginAttempt(redis, id)).toBe('later');
    expect(await first.append(finish)).toBe(true);
    expect(await collect(readJobEvents(redis, id, forEver))).toEqual([text('mine'), finish]);
  });

  it('begins no second attempt as soon as a lease is missing, as after a pause of Redis', async () => {
    const id = randomUUID();
    const first = await begin(id);
    await redis.del(names.writerLease(id));

    expect(await beginAttempt(redis, id)).toBe('later');
    expect(await first.renew()).toBe('ok');
    await loseWorker(id);
    expect(await beginAttempt(redis, id)).toMatchObject({ attempt: 2 });
  });

  it('gives up a job that costs one worker after another', async () => {
    const id = randomUUID();
    for (let worker = 1; worker <= 4; worker++) {
      expect(await begin(id)).toMatchObject({ attempt: worker });
      await loseWorker(id);
    }
    expect(await beginAttempt(redis, id)).toBe('over');
    expect(await collect(readJobEvents(redis, id, forEver))).toMatchObject([
      { type: 'error', error: { code: 'worker_lost' } },
    ]);
  });

  it('begins at once, told why, after an attempt that gave the job back', async () => {
    const id = randomUUID();
    const first = await begin(id);
    const failure = toErrorRecord(new StudioError('upstream_error', 'no Run button'));
    expect(await first.giveBack(failure)).toBe(true);
    expect(await first.renew()).toBe('stale');
    expect(await checkJob(redis, id)).toBe('alive');
    expect(await readGivenBackFailure(redis, id)).toEqual(failure);

    const second = await begin(id);
    expect(second).toMatchObject({ attempt: 2, failedBefore: failure });
    await second.append(text('an ans'));
    expect(await second.giveBack()).toBe(false); // the client has content
    expect(await second.append(finish)).toBe(true);
    expect(await collect(readJobEvents(redis, id, forEver))).toEqual([text('an ans'), finish]);
  });

  it('never begins what nobody listens to, and ends it once that has lasted', async () => {
    const id = randomUUID();
    expect(await beginAttempt(redis, id)).toBe('later'); // its readers may be on their way back
    await redis.hset(names.state(id), 'unreadSince', 0);
    expect(await beginAttempt(redis, id)).toBe('over');
    expect(await collect(readJobEvents(redis, id, forEver))).toMatchObject([
      { type: 'error', error: { code: 'request_cancelled' } },
    ]);
  });

  it('goes on when every lease lapsed at once and their holders come back, as after a pause of Redis', async () => {
    const id = randomUUID();
    const writer = await begin(id);
    await writer.append(text('half '));
    const reading = collect(readJobEvents(redis, id, forEver));
    await redis.del(names.writerLease(id), names.readers(id));
    expect(await checkJob(redis, id)).toBe('alive');
    expect(await writer.renew()).toBe('ok');
    await redis.hset(names.state(id), 'abandonedSince', 0); // an older absence counts no more
    expect(await writer.renew()).toBe('ok');
    expect(await checkJob(redis, id)).toBe('alive');
    await writer.append(text('whole'));
    await writer.append(finish);

    expect(await reading).toEqual([text('half '), text('whole'), finish]);
  });

  it('ends for its readers when Redis has come back empty', async () => {
    const id = randomUUID();
    const writer = await begin(id);
    await writer.append(text('half'));
    const reading = collect(readJobEvents(redis, id, forEver));
    await redis.del(names.state(id), names.events(id), names.writerLease(id));

    await expect(reading).rejects.toThrow('Redis has lost this request');
    expect(await writer.append(text('more'))).toBe(false);
    expect(await writer.renew()).toBe('stale');
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
    await redis.del(names.readers(id));

    expect(await writer.renew()).toBe('ok'); // it may be on its way
    await redis.hset(names.state(id), 'unreadSince', Date.now() - 5000);
    expect(await writer.renew()).toBe('unread');
    await renewReaderLease(redis, id, 'reader');
    expect(await writer.renew()).toBe('ok');
    expect(await redis.hexists(names.state(id), 'unreadSince')).toBe(0);
    await cancelJob(redis, id);
    expect(await writer.renew()).toBe('cancelled');
  });

  it('gives many readers over one connection each its own events, all of them', async () => {
    await using streams = openJobStreams(redis);
    const ids = Array.from({ length: 50 }, () => randomUUID());
    const writers = await Promise.all(ids.map(begin));
    const before = await redis.client('LIST');
    const readings = ids.flatMap((id) => [
      collect(streams.read(id, forEver)),
      collect(streams.read(id, forEver)),
    ]);
    const after = await redis.client('LIST');
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(writers.map((writer, at) => writer.append(text(`${ids[at]} ${round}`))));
    }
    await Promise.all(writers.map((writer) => writer.append(finish)));

    const answers = await Promise.all(readings);
    for (const [index, answer] of answers.entries()) {
      const id = ids[Math.floor(index / 2)];
      const pieces = Array.from({ length: 20 }, (_, round) => text(`${id} ${round}`));
      expect(answer).toEqual([...pieces, finish]);
    }
    const count = (list: unknown): number => String(list).trim().split('\n').length;
    expect(count(after) - count(before)).toBeLessThanOrEqual(1);
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
