import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { ask, type Outcome, sim } from '../support/asking.ts';
import { readRecord } from '../support/job-record.ts';
import {
  type Mortal,
  mortals,
  type MortalStack,
  startMortalStack,
  untilHealthy,
} from '../support/mortal-stack.ts';
import { createSeeded } from '../support/seeded.ts';
import { report, size } from './size.ts';

/** The request lives about as long: a death at a random moment meets any phase, ms. */
const LIFE_MS = 5000;

/** How a request may end besides with its answer when this dies. */
const ENDS: Readonly<Record<Mortal, readonly string[]>> = {
  chromium: ['upstream_interrupted', 'upstream_error'],
  'browser-driver': ['worker_lost'],
  'stream-proxy': ['upstream_interrupted'],
  api: ['connection'],
  redis: ['connection', 'not_ready'],
};

let system: MortalStack;

beforeAll(async () => {
  system = await startMortalStack();
});

afterAll(async () => {
  await system[Symbol.asyncDispose]();
});

/** What is wrong with an outcome, as text for people. */
async function complaints(outcome: Outcome, expected: string, died: Mortal): Promise<string[]> {
  const { id, text, failure } = outcome;
  const found: string[] = [];
  if (!expected.startsWith(text)) found.push(`told ${text}`);
  if (failure === undefined && text !== expected) found.push(`answered ${text}`);
  if (failure !== undefined && !ENDS[died].includes(failure)) found.push(`ended with ${failure}`);
  if (id === '') return found;
  const record = await readRecord(system.redis, id);
  if (record.ends.length !== 1 || record.goesOn) found.push(`ends ${record.ends.join()}`);
  if (!expected.startsWith(record.text)) found.push(`wrote ${record.text}`);
  return found;
}

it('survives the death of any process at any moment', async () => {
  const seeded = createSeeded(size.seed);
  const ends = new Map<string, number>();
  const wrong: string[] = [];
  for (let round = 0; round < size.deaths; round++) {
    const died = seeded.pick(mortals);
    const momentMs = seeded.below(LIFE_MS);
    const texts = ['first', 'second'].map((which) => `${which} of ${round}: ${'word '.repeat(20)}`);
    const asking = texts.map((text) =>
      ask(system.stack.baseUrl, sim({ text, chunks: 20, delayMs: 60, firstDelayMs: 400 })),
    );
    await delay(momentMs);
    await system.kill(died);
    const where = `round ${round}, ${died} after ${momentMs} ms`;
    for (const [index, outcome] of (await Promise.all(asking)).entries()) {
      const end = `${died}: ${outcome.failure ?? 'answered'}`;
      ends.set(end, (ends.get(end) ?? 0) + 1);
      const found = await complaints(outcome, texts[index] ?? '', died);
      wrong.push(...found.map((complaint) => `${where}: ${complaint}`));
    }
    await untilHealthy(system.stack);
    const next = await ask(system.stack.baseUrl, `echo: next of ${round}`);
    if (next.text !== `next of ${round}`) {
      wrong.push(`${where}: the next one ${next.failure ?? 'was answered'} ${next.text}`);
    }
  }
  const counts = Array.from(ends, ([end, count]) => `${end} ${count}`).toSorted();
  report(`${size.deaths} deaths, two requests each: ${counts.join(', ')}; ${wrong.length} wrong`);
  expect(wrong).toEqual([]);
});
