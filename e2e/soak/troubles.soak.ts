import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { ask, type Outcome, sim } from '../support/asking.ts';
import { startExtraDriver } from '../support/extra-driver.ts';
import {
  type MortalStack,
  startMortalStack,
  until,
  untilHealthy,
} from '../support/mortal-stack.ts';
import { createSeeded } from '../support/seeded.ts';
import { Simulator } from '../support/simulator.ts';
import { type Trouble, TROUBLES } from '../support/troubles.ts';
import { report, size } from './size.ts';

/** Requests that are under way at any time. */
const CLIENTS = 4;
/** Answers between one trouble and the next. */
const ANSWERS_BETWEEN = 3;
/** A request that has no end by then hangs, s. */
const HANGS_S = 120;
/** How a request may end besides with its answer: each says what to do next. */
const HONEST = [
  'connection',
  'not_ready',
  'queue_full',
  'upstream_error',
  'upstream_interrupted',
  'worker_lost',
];

/** What says that nobody is there to answer. */
const UNSERVED: ReadonlySet<string | undefined> = new Set(['connection', 'not_ready']);

/** One request and what was in the air while it ran. */
interface Round {
  readonly text: string;
  readonly outcome: Outcome;
  readonly troubles: readonly Trouble[];
}

let system: MortalStack;
const drivers: AsyncDisposable[] = [];

beforeAll(async () => {
  system = await startMortalStack();
  const ahead = pathToFileURL(join(import.meta.dirname, '../support/clock-ahead.mjs')).href;
  drivers.push(
    await startExtraDriver(system.stack, { NODE_OPTIONS: `--import=${ahead}` }), // a wrong clock
    await startExtraDriver(system.stack, { AUTH_PROFILE: '/nowhere/profile.json' }), // signed out
  );
}, 120_000);

afterAll(async () => {
  for (const driver of drivers) await driver[Symbol.asyncDispose]();
  await system[Symbol.asyncDispose]();
});

it('loses, doubles and hangs nothing, and presses Run once, whatever goes wrong', async () => {
  const seeded = createSeeded(size.seed);
  const troubling = new Set<Trouble>();
  const struck = new Map<string, number>();
  const seen: Trouble[] = [];
  const presses = new Presses();
  const run = { asked: 0, answered: 0, isOver: false };

  const makeTrouble = async (): Promise<void> => {
    for (let count = 0; count < size.troubles; count += 1) {
      const from = run.answered;
      await until(() => Promise.resolve(run.answered >= from + ANSWERS_BETWEEN));
      const trouble = seeded.pick(TROUBLES);
      struck.set(trouble.name, (struck.get(trouble.name) ?? 0) + 1);
      troubling.add(trouble);
      seen.push(trouble);
      await trouble.strike(system);
      await untilHealthy(system.stack);
      await presses.collect();
      troubling.delete(trouble);
    }
    run.isOver = true;
  };
  const rounds: Round[] = [];
  const client = async (): Promise<void> => {
    while (run.asked < size.requests || !run.isOver) {
      const text = `request ${run.asked++}: ${'word '.repeat(8)}`.trim();
      const before = [...troubling];
      const from = seen.length;
      const outcome = await ask(
        system.stack.baseUrl,
        sim({ text, chunks: 8, delayMs: 60, firstDelayMs: 200 }),
      );
      if (outcome.failure === undefined) run.answered += 1;
      if (UNSERVED.has(outcome.failure)) await untilHealthy(system.stack); // ask when it makes sense
      rounds.push({ text, outcome, troubles: [...before, ...seen.slice(from)] });
    }
  };

  await Promise.all([makeTrouble(), ...Array.from({ length: CLIENTS }, client)]);

  await presses.collect();
  const wrong = rounds.flatMap((round) => complaints(round, presses.of(round.text)));
  const ends = new Map<string, number>();
  for (const { outcome } of rounds) {
    const end = outcome.failure ?? 'answered';
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  report(
    `${rounds.length} requests, troubles: ${list(struck)}; ends: ${list(ends)}; ${wrong.length} wrong`,
  );
  expect(wrong).toEqual([]);
});

const list = (counts: ReadonlyMap<string, number>): string =>
  Array.from(counts, ([name, count]) => `${name} ${count}`)
    .toSorted()
    .join(', ');

/** What is wrong with one request, as text for people. */
function complaints({ text, outcome, troubles }: Round, presses: number): string[] {
  const { failure, seconds } = outcome;
  const found: string[] = [];
  if (!text.startsWith(outcome.text)) found.push(`told “${outcome.text}”`);
  if (failure === undefined && outcome.text !== text) found.push('lost its end');
  if (failure !== undefined && !HONEST.includes(failure)) found.push(`ended with ${failure}`);
  if (seconds > HANGS_S) found.push(`took ${Math.round(seconds)} s`);
  const attempts = 1 + troubles.filter(({ endsAttempts }) => endsAttempts).length;
  if (failure === undefined && presses === 0) found.push('was answered without being asked');
  if (presses > attempts) found.push(`pressed Run ${presses} times`);
  const during = troubles.map(({ name }) => name).join(', ') || 'nothing';
  return found.map((what) => `“${text.slice(0, 14)}” during ${during}: ${what}`);
}

/** Counts how often the simulator was asked for each text; it remembers the newest requests only. */
class Presses {
  readonly #seen = new Map<number, string>();

  /** To be called before the simulator forgets. */
  async collect(): Promise<void> {
    for (const { at, raw } of await new Simulator(system.stack.controlUrl).timedRequests()) {
      const [, text] = /"text\\*":\\*"(request \d+: [word ]*word)/.exec(JSON.stringify(raw)) ?? [];
      if (text !== undefined) this.#seen.set(at, text);
    }
  }

  of(text: string): number {
    return [...this.#seen.values()].filter((one) => one === text).length;
  }
}
