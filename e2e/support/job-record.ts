import { eventsIn, isTerminal, JobEvent, names, readJobEvents } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** A lease that lapses, a worker that comes back, and the retry's whole time, ms. */
const ENDED_WITHIN_MS = 40_000;

/** What a job's event stream holds once the job has ended. */
export interface JobRecord {
  /** The whole text, of all attempts together. */
  readonly text: string;
  /** Every terminal event, as `finish` or the error's code; one, and the last, if all is right. */
  readonly ends: readonly string[];
  /** Whether anything follows the first terminal event. */
  readonly goesOn: boolean;
}

/** Waits until a job has ended, and reads its stream from the beginning. Throws when it does not end. */
export async function readRecord(redis: Redis, id: string): Promise<JobRecord> {
  for await (const event of readJobEvents(redis, id, AbortSignal.timeout(ENDED_WITHIN_MS))) {
    if (isTerminal(event)) break;
  }
  const entries = await redis.xrange(names.events(id), '-', '+');
  const events = entries.flatMap(([, fields]) =>
    eventsIn(fields).map((event) => JobEvent.parse(JSON.parse(event))),
  );
  return {
    text: events.map((event) => (event.type === 'text' ? event.text : '')).join(''),
    ends: events
      .filter(isTerminal)
      .map((event) => (event.type === 'error' ? event.error.code : event.type)),
    goesOn: events.findIndex(isTerminal) < events.length - 1,
  };
}
