import { describe, expect, it } from '@jest/globals';

import { startHeartbeat } from './heartbeat.ts';

const forAWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60));

describe('a heartbeat', () => {
  it('reports silence once, when an answer is missing for as long as it may take', async () => {
    let silences = 0;
    const start = performance.now();
    const silentFor = await new Promise<number>((resolve) => {
      const onSilence = (): void => {
        silences++;
        resolve(performance.now() - start);
      };
      startHeartbeat(() => new Promise(() => undefined), 30, onSilence, 5);
    });
    expect(silentFor).toBeGreaterThan(25);
    await forAWhile();
    expect(silences).toBe(1);
  });

  it('takes an error for an answer, and ends when disposed', async () => {
    let asked = 0;
    const ask = async (): Promise<void> => {
      asked++;
      throw new Error('not now');
    };
    const heartbeat = startHeartbeat(ask, 10, () => expect(asked).toBe('no silence'), 2);
    await forAWhile();
    heartbeat[Symbol.dispose]();
    const before = asked;
    expect(before).toBeGreaterThan(2);
    await forAWhile();
    expect(asked).toBe(before);
  });

  it('does not take its own delay for silence', async () => {
    let isSilent = false;
    const heartbeat = startHeartbeat(
      () => new Promise((resolve) => setImmediate(resolve)),
      40,
      () => (isSilent = true),
      10,
    );
    const until = performance.now() + 100;
    while (performance.now() < until); // as when the process is stopped
    await forAWhile();
    heartbeat[Symbol.dispose]();
    expect(isSilent).toBe(false);
  });
});
