/* oxlint-disable no-unused-vars -- `using` holds what runs by itself until the end */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis, readStatuses, type RedisConnection } from '@aistudio/core';
import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { ask, type Asking, type Outcome, sim } from '../support/asking.ts';
import { contention } from '../support/contention.ts';
import { forgetCooldowns } from '../support/cooldowns.ts';
import { startExtraDriver } from '../support/extra-driver.ts';
import { readRecord } from '../support/job-record.ts';
import { atEnd, keepForAll } from '../support/keep.ts';
import { until, untilHealthy } from '../support/mortal-stack.ts';
import { writeSignIn } from '../support/profile-files.ts';
import { startRedis } from '../support/redis-server.ts';
import { Simulator } from '../support/simulator.ts';
import { type Stack, startStack } from '../support/stack.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

jest.setTimeout(180_000); // browsers start, on a machine that may be busy

let folder: string;
let redis: RedisConnection;
let stack: Stack;
let simulator: Simulator;

const keep = keepForAll();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistudio-pull-'));
  keep(atEnd(() => rm(folder, { recursive: true, force: true })));
  const server = keep(await startRedis());
  redis = keep(await connectRedis(server.url));
  const AUTH_PROFILE = await writeSignIn(folder, 'first');
  const env = { REDIS_URL: server.url, AUTH_PROFILE, WORKER_CONCURRENCY: '2', SIM_TIMING: 'fast' };
  stack = keep(await startStack({ env }));
  simulator = new Simulator(stack.controlUrl);
});

beforeEach(async () => {
  await simulator.clear();
  await forgetCooldowns(redis);
  await untilHealthy(stack);
});

const put = (content: string, asking?: Asking): Promise<Outcome> =>
  ask(stack.baseUrl, content, asking);

const putMany = (count: number): Promise<Outcome[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => put(`echo: number ${index}`)));

/** One end, and nothing after it. */
async function expectOneEnd({ id }: Outcome): Promise<void> {
  const record = await readRecord(redis, id);
  expect(record.ends).toHaveLength(1);
  expect(record.goesOn).toBe(false);
}

const asked = async (times: number): Promise<boolean> =>
  (await simulator.generateContent()).length >= times;

/** Waits until so many browser drivers live, and each says what keeps it from work, or that nothing does. */
async function untilDrivers(...failures: (string | undefined)[]): Promise<void> {
  await until(async () => {
    const drivers = (await readStatuses(redis)).filter(({ kind }) => kind === 'browser-driver');
    const found = drivers.map(({ detail }) => JSON.stringify(detail['failure']) ?? 'none');
    const isAs = (failure: string | undefined): boolean =>
      found.some((one) => (failure === undefined ? one === 'none' : one.includes(failure)));
    return drivers.length === failures.length && failures.every(isAs);
  });
}

describe('two workers on one Redis', () => {
  it('answer 12 of 12 prompts though one of them is signed out', async () => {
    await simulator.setFaults({ requireSignIn: true });
    await using signedOut = await startExtraDriver(stack, {
      AUTH_PROFILE: join(folder, 'nobody.json'),
    });
    await untilDrivers(undefined, 'not_signed_in');
    const outcomes = await putMany(12);
    expect(outcomes.map(({ failure }) => failure)).toEqual(Array.from({ length: 12 }));
    expect(outcomes.map(({ text }) => text)).toEqual(
      Array.from({ length: 12 }, (_, index) => `number ${index}`),
    );
  });

  it('answer with the account whose quota is not used up, and never ask the other again', async () => {
    await using second = await startExtraDriver(stack, {
      AUTH_PROFILE: await writeSignIn(folder, 'second'),
    });
    await untilDrivers(undefined, undefined);
    const quota = { error: { status: 429, code: 8, message: 'You exceeded your current quota.' } };
    await simulator.script('one account has none left', quota, { text: 'the other has' });
    const question = 'one account has none left';
    for (let round = 0; round < 4; round++) {
      expect(await put(question)).toMatchObject({ text: 'the other has', failure: undefined });
    }
    expect(await simulator.generateContent()).toHaveLength(5);
  });

  it('lose nothing when one of them is told to stop: it ends what it asked, and gives back the rest', async () => {
    await simulator.setFaults({ timing: 'slow' });
    const second = await startExtraDriver(stack, {
      AUTH_PROFILE: await writeSignIn(folder, 'third'),
    });
    await untilDrivers(undefined, undefined);
    const asking = Promise.all(
      Array.from({ length: 9 }, (_, index) =>
        put(sim({ text: ALPHABET, chunks: 13, delayMs: 100 }), {
          settings: { temperature: index / 10 },
        }),
      ),
    );
    await until(() => asked(2));
    second.send('SIGTERM');
    await second.untilEnded();
    await simulator.setFaults({ timing: 'fast' });
    for (const outcome of await asking) {
      expect(outcome).toMatchObject({ text: ALPHABET, failure: undefined });
      await expectOneEnd(outcome);
    }
    expect(await simulator.generateContent()).toHaveLength(9);
  });
});

describe('a driver with two pages that is stopped for a while', () => {
  it.each([3900, 8000])(
    'for %i ms before the first piece: Run is pressed once, and the answer comes',
    async (ms) => {
      const asking = put(sim({ text: ALPHABET, firstDelayMs: 2500 }));
      await until(() => asked(1));
      await suspend(ms);
      const outcome = await asking;
      expect(outcome).toMatchObject({ text: ALPHABET, failure: undefined });
      await expectOneEnd(outcome);
      expect(await simulator.generateContent()).toHaveLength(1);
    },
  );

  it('for 3900 ms in the middle of an answer: its other page does not end it', async () => {
    let isHalf = (): void => undefined;
    const half = new Promise<void>((resolve) => (isHalf = resolve));
    const asking = put(sim({ text: ALPHABET, chunks: 26, delayMs: 100 }), {
      onPiece: (soFar) => {
        if (soFar.endsWith('e')) isHalf();
      },
    });
    await half;
    await suspend(3900);
    const outcome = await asking;
    expect(outcome).toMatchObject({ text: ALPHABET, failure: undefined });
    await expectOneEnd(outcome);
    expect(await simulator.generateContent()).toHaveLength(1);
  });
});

/** Stops the stack's driver for so long; its browser goes on. */
async function suspend(ms: number): Promise<void> {
  const pid = stack.pidOf('browser-driver');
  if (pid === undefined) throw new Error('The driver does not run.');
  process.kill(pid, 'SIGSTOP');
  await delay(ms); // how long is what the test is about
  process.kill(pid, 'SIGCONT');
}

describe('prompts that wait', () => {
  /** Lets both pages answer something long, and puts another prompt behind. */
  async function putBehind(): Promise<{ long: Promise<Outcome>[]; waiting: Promise<Outcome> }> {
    const answer = sim({ text: ALPHABET, chunks: 26, delayMs: 200 });
    const long = [put(answer), put(answer)];
    await until(() => asked(2));
    return { long, waiting: put('echo: behind') };
  }

  it('are told soon when the only worker turns out to be signed out', async () => {
    const { long, waiting } = await putBehind();
    const others = Array.from({ length: 6 }, () => put('echo: behind, too'));
    await simulator.setFaults({ 'signed-out': true });
    for (const outcome of await Promise.all(long)) expect(outcome.failure).toBeUndefined();
    const start = performance.now();
    for (const { failure } of await Promise.all([waiting, ...others])) {
      expect(failure).toMatch(/not_signed_in|upstream_error/);
    }
    expect(performance.now() - start).toBeLessThan(20_000 * contention());
    // Each page may learn it by asking; after that nothing is asked.
    expect((await simulator.generateContent()).length).toBeLessThanOrEqual(4);
  });

  it('are never asked once their client is gone, also if nobody could say so', async () => {
    const { long, waiting } = await putBehind();
    process.kill(stack.pidOf('api') ?? 0, 'SIGKILL');
    await Promise.all([...long, waiting]);
    await untilHealthy(stack);
    expect(await put('echo: next')).toMatchObject({ text: 'next' });
    expect(await simulator.generateContent()).toHaveLength(3);
  });
});
