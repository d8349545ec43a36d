import { randomUUID } from 'node:crypto';

import { type Redis } from 'ioredis';

import { Condition } from './condition.ts';
import { StudioError } from './errors.ts';
import { isTerminal, JobEvent } from './events.ts';
import { checkJob } from './job-events.ts';
import { duplicateConnection, names, type RedisConnection } from './redis.ts';
import { isAfter } from './stream-position.ts';

/** Longest time that one read waits at Redis, and after which its connection counts as dead, ms. */
const BLOCK_MS = 1000;
const SILENCE_MS = 3 * BLOCK_MS;
/** How long nothing may come before we look whether somebody still works on the job, ms. */
const LOOK_MS = 1000;
/** So many looks in a row must find a job unknown to Redis before it counts as lost. */
const LOOKS = 4;
/** How many events one read takes of each stream. */
const BATCH = 1000;
/** How long the stream that wakes a blocked read outlives its last use, ms. */
const WAKE_MS = 60_000;

/** Reads the event streams of any number of jobs over one connection. Dispose it to close that. */
export interface JobStreams extends AsyncDisposable {
  /**
   * Yields a job's events from the first to the terminal one, however late the reader comes. Ends the
   * job as `worker_lost` when its worker is gone ({@link checkJob}). Throws the signal's reason when it
   * aborts, and `not_ready` when Redis has lost the job.
   */
  read(id: string, signal: AbortSignal): AsyncGenerator<JobEvent>;
}

/** What one reader has been sent and has not taken yet. */
interface Inbox {
  readonly key: string;
  cursor: string;
  readonly entries: string[];
  readonly arrived: Condition;
}

/** Opens {@link JobStreams}. */
export function openJobStreams(redis: Redis): JobStreams {
  const connection = duplicateConnection(redis, SILENCE_MS);
  const inboxes = new Set<Inbox>();
  const closing = new AbortController();
  const wakeKey = names.wake(randomUUID());
  let wakeCursor = '0';
  let isReading = false;

  /** Reads for all inboxes until there are none. */
  const readAll = async (): Promise<void> => {
    while (inboxes.size > 0 && !closing.signal.aborted) {
      const wanted = Array.from(inboxes);
      const keys = [wakeKey, ...wanted.map(({ key }) => key)];
      const cursors = [wakeCursor, ...wanted.map(({ cursor }) => cursor)];
      const reply = await read(connection, keys, cursors).catch(() => undefined); // it reads again
      for (const [key, entries] of reply ?? []) {
        const last = entries.at(-1)?.[0];
        if (last !== undefined && key === wakeKey) wakeCursor = last;
        else deliver(wanted, key, entries);
      }
    }
  };

  const begin = (): void => {
    if (isReading) return;
    isReading = true;
    void readAll().finally(() => {
      isReading = false;
      if (inboxes.size > 0 && !closing.signal.aborted) begin();
    });
  };

  /** Makes the read that is under way come back, so that the next one includes the newest inbox. */
  const interrupt = async (): Promise<void> => {
    if (!isReading) return;
    const wake = redis.multi().xadd(wakeKey, 'MAXLEN', 1, '*', 'wake', '1');
    await wake.pexpire(wakeKey, WAKE_MS).exec();
  };

  return {
    async *read(id, signal) {
      const inbox: Inbox = {
        key: names.events(id),
        cursor: '0',
        entries: [],
        arrived: new Condition(),
      };
      const ends = AbortSignal.any([signal, closing.signal]);
      inboxes.add(inbox);
      try {
        await interrupt().catch(() => undefined); // its next read, a second later, includes it, too
        begin();
        let unknown = 0;
        for (;;) {
          ends.throwIfAborted();
          const entry = inbox.entries.shift();
          if (entry !== undefined) {
            unknown = 0;
            const event = JobEvent.parse(JSON.parse(entry));
            yield event;
            if (isTerminal(event)) return;
            continue;
          }
          const hasMore = await inbox.arrived.wait(LOOK_MS, ends);
          if (hasMore || redis.status !== 'ready') continue;
          unknown = (await checkJob(redis, id)) === 'unknown' ? unknown + 1 : 0;
          if (unknown >= LOOKS && inbox.entries.length === 0) throw lost();
        }
      } finally {
        inboxes.delete(inbox);
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new StudioError('not_ready', 'The server is shutting down.'));
      await connection[Symbol.asyncDispose]();
    },
  };
}

/** Like {@link JobStreams}' for a single job. */
export async function* readJobEvents(
  redis: Redis,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  await using streams = openJobStreams(redis);
  yield* streams.read(id, signal);
}

type Entries = readonly (readonly [position: string, fields: readonly string[]])[];

const read = async (
  connection: RedisConnection,
  keys: readonly string[],
  cursors: readonly string[],
): Promise<readonly (readonly [key: string, entries: Entries])[]> =>
  (await connection.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', ...keys, ...cursors)) ?? [];

/** The events of one entry of a job's stream, as JSON. */
export const eventsIn = (fields: readonly string[]): string[] =>
  fields.filter((_, index) => index % 2 === 1 && fields[index - 1] === 'event');

/** Hands entries to everyone who reads this stream and does not have them yet. */
function deliver(inboxes: readonly Inbox[], key: string, entries: Entries): void {
  const last = entries.at(-1)?.[0];
  if (last === undefined) return;
  const readers = inboxes.filter((inbox) => inbox.key === key);
  // Two readers of one stream asked from different positions: Redis answered each in turn.
  for (const inbox of readers) {
    for (const [position, fields] of entries) {
      if (!isAfter(position, inbox.cursor)) continue;
      inbox.cursor = position;
      inbox.entries.push(...eventsIn(fields));
    }
    inbox.arrived.notify();
  }
}

const lost = (): StudioError =>
  new StudioError(
    'not_ready',
    'Redis has lost this request, for example because it was restarted without its data. Send it again.',
    { retryAfterSeconds: 2 },
  );
