import { names } from '@aistudio/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';

import { ask, type Asking, type Outcome, sim } from '../support/asking.ts';
import { readRecord } from '../support/job-record.ts';
import {
  type Mortal,
  type MortalStack,
  startMortalStack,
  until,
  untilHealthy,
} from '../support/mortal-stack.ts';
import { Simulator } from '../support/simulator.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

jest.setTimeout(120_000); // processes come back by themselves, on a machine that may be busy

let system: MortalStack;
let simulator: Simulator;

beforeAll(async () => {
  system = await startMortalStack();
  simulator = new Simulator(system.stack.controlUrl);
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await simulator.clear();
});

/** Where in its job's life a request is. */
type Phase = 'settings' | 'first token' | 'streaming';

/** Asks for the alphabet, and resolves once the request has come so far. */
async function askUntil(phase: Phase, delayMs = 150): Promise<{ asking: Promise<Outcome> }> {
  if (phase === 'settings') {
    await simulator.setFaults({ timing: 'slow' });
    const asking = put(sim({ text: ALPHABET }), { settings: { temperature: 0.3, top_p: 0.4 } });
    await until(async () => (await states()).includes('running'));
    return { asking };
  }
  if (phase === 'first token') {
    const asking = put(sim({ text: ALPHABET, firstDelayMs: 2500 }));
    await until(async () => (await simulator.generateContent()).length === 1);
    return { asking };
  }
  return new Promise((resolve) => {
    const asking = put(sim({ text: ALPHABET, chunks: 26, delayMs }), {
      onPiece: (soFar) => {
        if (soFar.endsWith('e')) resolve({ asking });
      },
    });
  });
}

const put = (content: string, asking?: Asking): Promise<Outcome> =>
  ask(system.stack.baseUrl, content, asking);

/** Asks for the alphabet while something else is answered, and resolves once the request waits. */
async function putQueued(): Promise<{ asking: Promise<Outcome> }> {
  const asking = put(sim({ text: ALPHABET }));
  await until(async () => (await states()).includes('queued'));
  return { asking };
}

/** What the requests that are not over do, oldest first. */
async function states(): Promise<string[]> {
  const response = await fetch(`${system.stack.baseUrl}/queue`);
  const List = z.object({ data: z.array(z.object({ state: z.string() })) });
  return List.parse(await response.json()).data.map(({ state }) => state);
}

/** Kills one of the processes, and says when, ms. */
async function kill(name: Mortal, how?: 'SIGTERM' | 'SIGKILL'): Promise<number> {
  await system.kill(name, how);
  await simulator.setFaults({ timing: 'fast' });
  return performance.now();
}

const secondsSince = (ms: number): number => (performance.now() - ms) / 1000;

/** One end, and nothing after it; the client has what the stream holds, or was told less. */
async function expectOneEnd({ id, text, failure }: Outcome, end: string): Promise<void> {
  const record = await readRecord(system.redis, id);
  expect(record).toMatchObject({ ends: [end], goesOn: false });
  expect(record.text.startsWith(text)).toBe(true);
  expect(ALPHABET.startsWith(record.text)).toBe(true);
  expect(failure === undefined ? text : ALPHABET).toBe(ALPHABET);
}

/** The system is well again, and has nothing left of what it was doing. */
async function expectNextAnswered(): Promise<void> {
  await simulator.setFaults({ timing: 'fast' });
  await untilHealthy(system.stack);
  expect(await put('echo: next')).toMatchObject({ text: 'next', failure: undefined });
  await until(async () => (await states()).length === 0);
  expect(await system.redis.keys(names.writerLease('*'))).toEqual([]);
}

describe('Chromium killed', () => {
  it.each([
    ['settings', 1],
    ['first token', 2],
  ] as const)('in phase %s: another answers', async (phase, runs) => {
    const { asking } = await askUntil(phase);
    const killedAt = await kill('chromium');
    const outcome = await asking;
    expect(outcome).toMatchObject({ text: ALPHABET, failure: undefined });
    expect(secondsSince(killedAt)).toBeLessThan(20);
    expect(await simulator.generateContent()).toHaveLength(runs);
    await expectOneEnd(outcome, 'finish');
    await expectNextAnswered();
  });

  it('in phase streaming: the answer is interrupted, never begun again; what waits is answered', async () => {
    const { asking } = await askUntil('streaming');
    const waiting = await putQueued();
    const killedAt = await kill('chromium');
    const outcome = await asking;
    expect(outcome).toMatchObject({ failure: 'upstream_interrupted' });
    expect(secondsSince(killedAt)).toBeLessThan(10);
    const kept = await waiting.asking;
    expect(kept).toMatchObject({ text: ALPHABET, failure: undefined });
    expect(secondsSince(killedAt)).toBeLessThan(20);
    expect(await simulator.generateContent()).toHaveLength(2);
    await expectOneEnd(outcome, 'upstream_interrupted');
    await expectOneEnd(kept, 'finish');
    await expectNextAnswered();
  });
});

describe('the browser worker killed', () => {
  it.each(['settings', 'first token'] as const)(
    'in phase %s: the request is taken up again, or given up',
    async (phase) => {
      const { asking } = await askUntil(phase);
      const killedAt = await kill('browser-driver');
      const outcome = await asking;
      expect([undefined, 'worker_lost']).toContain(outcome.failure);
      expect(secondsSince(killedAt)).toBeLessThan(30);
      expect((await simulator.generateContent()).length).toBeLessThanOrEqual(2);
      await expectOneEnd(outcome, outcome.failure ?? 'finish');
      await expectNextAnswered();
    },
  );

  it('in phase streaming: that answer is lost within 10 s; what waits is answered', async () => {
    const { asking } = await askUntil('streaming');
    const waiting = await putQueued();
    const killedAt = await kill('browser-driver');
    const lost = await asking;
    expect(lost).toMatchObject({ failure: 'worker_lost' });
    expect(secondsSince(killedAt)).toBeLessThan(10);
    const kept = await waiting.asking;
    expect(kept).toMatchObject({ text: ALPHABET, failure: undefined });
    expect(secondsSince(killedAt)).toBeLessThan(40);
    expect(await simulator.generateContent()).toHaveLength(2);
    await expectOneEnd(lost, 'worker_lost');
    await expectOneEnd(kept, 'finish');
    await expectNextAnswered();
  });
});

describe('the API killed', () => {
  it('while it streams: the job ends, the page is stopped, and it is back', async () => {
    const { asking } = await askUntil('streaming', 1000);
    const killedAt = await kill('api');
    const outcome = await asking;
    expect(outcome).toMatchObject({ failure: 'connection' });
    await expectOneEnd(outcome, 'request_cancelled');
    expect((await simulator.lastEnd()).endedBy).toBe('client');
    expect(secondsSince(killedAt)).toBeLessThan(12); // a lapsed lease, and the renewal that sees it
    await expectNextAnswered();
  });
});

describe.each(['SIGKILL', 'SIGTERM'] as const)('Redis ended by %s', (how) => {
  it('while one request streams and another waits: both are answered in full', async () => {
    const { asking } = await askUntil('streaming');
    const waiting = await putQueued();
    const killedAt = await kill('redis', how);
    for (const outcome of await Promise.all([asking, waiting.asking])) {
      expect(outcome).toMatchObject({ text: ALPHABET, failure: undefined });
      await expectOneEnd(outcome, 'finish');
    }
    expect(secondsSince(killedAt)).toBeLessThan(20);
    expect(await simulator.generateContent()).toHaveLength(2);
    await expectNextAnswered();
  });
});
