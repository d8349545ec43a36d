import winston from 'winston';

export { SCHEMA_KEYWORDS, SILENT_KEYWORDS } from './keyword-names.ts';
export { KEYWORD_SAMPLES, type KeywordSample } from './keyword-samples.ts';
export { anySchema, doubling, mutual } from './schema-samples.ts';
export { startTestProxy, type TestProxy, type TestProxyOptions } from './test-proxy.ts';

/** Everything an async iterable yields, in order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A logger that says nothing. */
export const silentLog: winston.Logger = winston.createLogger({ silent: true });

/** What reads the files of a plan that has none. */
export async function* noFiles(): AsyncGenerator<Buffer> {
  yield* [];
}
