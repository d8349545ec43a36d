import winston from 'winston';

import { type Log } from './log.ts';
import { type ReadFile } from './stored-files.ts';

export { anySchema, doubling, mutual } from './schema-samples.ts';

/** Everything an async iterable yields, in order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A logger that says nothing. */
export const silentLog: Log = winston.createLogger({ silent: true });

/** What reads the files of a plan that has none. */
export const noFiles: ReadFile = async function* () {
  yield* [];
};
