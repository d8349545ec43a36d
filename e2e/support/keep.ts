import { afterAll } from '@jest/globals';

/**
 * Gives what keeps things for all tests of a file or a `describe`. After them they are disposed, the
 * last first, whatever failed: a test, a `beforeAll` half-way, or another's disposal.
 */
export function keepForAll(): <T extends AsyncDisposable>(thing: T) => T {
  const kept: AsyncDisposable[] = [];
  afterAll(async () => {
    const failures: unknown[] = [];
    for (const thing of kept.toReversed()) {
      try {
        await thing[Symbol.asyncDispose]();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
  });
  return (thing) => {
    kept.push(thing);
    return thing;
  };
}

/** What is to be done at the end, as a thing to keep. */
export const atEnd = (finish: () => unknown): AsyncDisposable => ({
  async [Symbol.asyncDispose]() {
    await finish();
  },
});
