import { connectRedis, type RedisConnection } from '@aistudio/core';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { ask as askStreamed, sim } from '../support/asking.ts';
import { contention } from '../support/contention.ts';
import { forgetCooldowns } from '../support/cooldowns.ts';
import { keepForAll } from '../support/keep.ts';
import { startRedis } from '../support/redis-server.ts';
import { Simulator } from '../support/simulator.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** How a request may end while something is wrong with the page. */
type Outcome = 'answered' | 'empty' | `${number} ${string}` | `stream ${string}`;
interface Row {
  /** Any of these is right. */
  readonly ends: readonly Outcome[];
  /** Longest time until then, s. */
  readonly within: number;
  /** How often Run may have been pressed with effect; 1 unless said otherwise. */
  readonly runs?: number;
}

const FIRST_TOKEN_MS = 4000;
const SILENCE_MS = 3000;
const answered = (within = 10): Row => ({ ends: ['answered'], within });
const fails = (outcome: Outcome, within = 10): Row => ({ ends: [outcome], within });
/** Nothing was asked; past ten seconds the keep-alive has fixed the status, so the error is in the stream. */
const refused = (within: number): Row => ({
  ends: ['502 upstream_error', 'stream upstream_error'],
  within,
  runs: 0,
});

/** What must come of each fault by itself (page.md §8–§10). */
const rows: Readonly<Record<string, Row>> = {
  'signed-out': fails('503 not_signed_in'),
  'account-chooser': answered(),
  'region-blocked': answered(),
  forbidden: answered(),
  'access-restricted': answered(),
  'start-internal-error': answered(),
  'start-error': answered(),
  quota: fails('429 rate_limit_exceeded', 1),
  'daily-quota': fails('429 rate_limit_exceeded', 1),
  'rate-limit': fails('429 rate_limit_exceeded', 1),
  'rate-limit-then-hang': fails('429 rate_limit_exceeded', 1),
  'out-of-generations': fails('429 rate_limit_exceeded', 1),
  'permission-denied': fails('502 upstream_error'),
  'stale-attestation': { ends: ['answered', '502 upstream_error'], within: 15, runs: 2 },
  'refused-after-load': { ends: ['answered', '502 upstream_error'], within: 20, runs: 2 },
  'prompt-too-long': fails('400 context_length_exceeded'),
  'region-refused': fails('502 upstream_error'),
  'internal-error': fails('502 upstream_error'),
  overloaded: fails('502 upstream_error'),
  'bad-gateway': fails('502 upstream_error'),
  'quota-in-200': fails('429 rate_limit_exceeded', 1),
  'quota-after-frames': fails('stream rate_limit_exceeded'),
  'error-after-frames': fails('stream upstream_error'),
  'refuse-proxied': { ends: ['answered', '502 upstream_error'], within: 20, runs: 2 },
  'unknown-finish': answered(),
  'unknown-parts': answered(),
  'no-reply': { ends: ['502 upstream_interrupted'], within: 10, runs: 2 },
  'no-first-byte': fails('504 timeout', FIRST_TOKEN_MS / 1000 + 3),
  'silent-mid-answer': fails('stream timeout', SILENCE_MS / 1000 + 3),
  'cut-mid-answer': fails('stream upstream_interrupted'),
  'broken-stream': fails('stream upstream_interrupted'),
  'empty-answer': fails('empty'),
  'thoughts-only': fails('empty'),
  'empty-model-list': answered(),
  'model-list-late': answered(),
  'model-list-unauthorized': answered(),
  'count-tokens-fails': answered(),
  'count-tokens-loop': { ends: ['answered', ...refused(0).ends], within: 50 },
  'drive-unauthorized': answered(),
  'run-disabled': refused(50),
  'run-slow-to-enable': answered(12),
  'click-ignored': refused(50),
  'late-click': answered(12),
  'request-never-sent': refused(50),
  'attestation-down': refused(50),
  'error-toast': refused(15),
  'stuck-spinner': answered(),
  'stays-generating': answered(),
  'throttled-rendering': answered(),
  'preference-vote': { ends: ['answered'], within: 10, runs: 2 },
  'chat-url-changes': answered(),
  'blocked-container': answered(),
  'old-chat-returns': answered(),
  'unsaved-changes': answered(),
  'jserror-noise': answered(),
  'settings-reset': { ends: ['answered', '502 upstream_error'], within: 20, runs: 2 },
  'settings-not-sent': { ends: ['502 upstream_error'], within: 15, runs: 2 },
  'grounding-returns': { ends: ['502 upstream_error'], within: 15, runs: 2 },
  'model-switch-ignored': {
    ends: ['answered', '502 upstream_error', 'stream upstream_error'],
    within: 30,
    runs: 2,
  },
  'switch-model-dialog': answered(),
  'paid-models-disabled': answered(),
  'starts-paid': answered(),
  'narrow-panel': answered(),
  'renamed-panel-toggle': answered(), // a page that is loaded already has the old name
  'upload-stuck': answered(),
  'media-consent': answered(),
  'upload-fails': answered(),
  'slow-page': answered(),
  'welcome-dialog': answered(),
  'tos-dialog': { ends: ['503 not_signed_in'], within: 20, runs: 0 },
  'autosave-dialog': answered(),
  'drive-dialog': answered(),
  'search-grounding-dialog': answered(),
  'paid-usage-dialog': answered(),
  'unknown-dialog': answered(20),
  'cookie-bar': answered(),
  survey: answered(),
  'consent-bar': answered(),
  promo: answered(),
  omnibar: answered(),
  banner: answered(),
  'blocking-overlay': answered(),
  'blocking-tooltip': answered(),
  'unrelated-toast': answered(),
};

/** After these the page goes around the stream proxy for as long as that helps: they come last. */
const REFUSING = ['permission-denied', 'stale-attestation', 'refused-after-load', 'refuse-proxied'];
const ordered = Object.entries(rows).toSorted(
  ([one], [other]) => Number(REFUSING.includes(one)) - Number(REFUSING.includes(other)),
);

const Known = z.object({ known: z.object({ faults: z.record(z.string(), z.string()) }) });
const ErrorBody = z.object({ error: z.object({ code: z.string() }) });
const Chunk = z.object({
  choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }) })).optional(),
  error: z.object({ code: z.string() }).optional(),
});

const MODELS = ['gemini-2.5-flash', 'gemini-2.5-pro', 'gemini-3-flash-preview'];

/** `FAULTS_VARIANT=u2 pnpm test e2e/faults` is about the older page. */
const variant = process.env['FAULTS_VARIANT'] ?? 'u3';

let server: Awaited<ReturnType<typeof startRedis>>;
let redis: RedisConnection;
let stack: Stack;
let simulator: Simulator;

const keep = keepForAll();
beforeAll(async () => {
  server = keep(await startRedis());
  redis = keep(await connectRedis(server.url));
  stack = keep(
    await startStack({
      env: {
        REDIS_URL: server.url,
        SIM_TIMING: 'fast', // the limits are the driver's own
        FIRST_TOKEN_TIMEOUT_MS: String(FIRST_TOKEN_MS),
        SILENCE_TIMEOUT_MS: String(SILENCE_MS),
        RESPONSE_COMPLETION_TIMEOUT: '45000',
      },
    }),
  );
  simulator = new Simulator(stack.controlUrl);
});

async function ask(model: string, text: string): Promise<{ outcome: Outcome; seconds: number }> {
  const start = performance.now();
  const outcome = await outcomeOf(model, text);
  return { outcome, seconds: (performance.now() - start) / 1000 };
}

async function outcomeOf(model: string, text: string): Promise<Outcome> {
  const response = await fetch(`${stack.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      stream: true,
      temperature: 0.4,
      messages: [{ role: 'user', content: `@sim ${JSON.stringify({ text, chunks: 4 })}` }],
    }),
  });
  const body = await response.text();
  if (!response.ok) {
    return `${response.status} ${ErrorBody.parse(JSON.parse(body)).error.code}`;
  }
  let answer = '';
  for (const line of body.split('\n')) {
    if (!line.startsWith('data: {')) continue;
    const { choices, error } = Chunk.parse(JSON.parse(line.slice('data: '.length)));
    if (error) return `stream ${error.code}`;
    answer += choices?.[0]?.delta.content ?? '';
  }
  if (answer === '') return 'empty';
  if (answer !== text) throw new Error(`another answer came: ${answer}`);
  return 'answered';
}

let turn = 0;
/** Another model each time, so that each request has something to set. */
const nextModel = (): string => MODELS[turn++ % MODELS.length] ?? '';

async function expectCoped(faults: readonly string[], row: Row): Promise<void> {
  await simulator.clear();
  await untilReady();
  await simulator.setFaults({
    variant,
    ...Object.fromEntries(faults.map((fault) => [fault, true])),
  });
  const { outcome, seconds } = await ask(nextModel(), `answer to ${faults.join(' and ')}`);
  expect(row.ends).toContain(outcome);
  expect(seconds).toBeLessThan(row.within * contention());
  expect((await simulator.generateContent()).length).toBeLessThanOrEqual(row.runs ?? 1);

  await simulator.clear();
  await forgetCooldowns(redis); // a quota answer rests its model
  await untilReady();
  let next = await ask(nextModel(), 'the next answer');
  // After a refusal a new chat is tried first, and a page loaded anew last (page.md §10). A page that
  // was loaded anew before the fault was taken back shows it to the next prompt, and then no more.
  const isForPerson = row.ends.includes('503 not_signed_in');
  const tries = faults.some((fault) => REFUSING.includes(fault)) ? 2 : isForPerson ? 1 : 0;
  for (let again = 0; again < tries && next.outcome !== 'answered'; again++) {
    await untilReady();
    next = await ask(nextModel(), 'the next answer');
  }
  expect(next.outcome).toBe('answered');
}

/** Waits until the API says that it is ready again: a slot in recovery is so within seconds. */
async function untilReady(): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while (Date.now() < giveUpAt) {
    const response = await fetch(new URL('/health', stack.baseUrl));
    if (response.ok) return;
    await response.arrayBuffer();
  }
  throw new Error('the system did not recover within 30 s');
}

it('signed out in the middle of an answer: that one comes in full, the next one is told', async () => {
  await simulator.clear();
  const prompt = sim({ text: 'abcdef', chunks: 6, delayMs: 200 });
  const outcome = await askStreamed(stack.baseUrl, prompt, {
    onPiece: () => void simulator.setFaults({ 'signed-out': true }),
  });
  expect(outcome).toMatchObject({ text: 'abcdef', failure: undefined });
  expect((await ask(nextModel(), 'never')).outcome).toBe('503 not_signed_in');
  expect((await ask(nextModel(), 'never')).outcome).toBe('503 not_signed_in');
  await simulator.clear();
  await untilReady();
  expect((await ask(nextModel(), 'back')).outcome).toBe('answered');
});

describe('a page that misbehaves', () => {
  it('has a row for every fault that the simulator knows', async () => {
    const response = await fetch(`${stack.controlUrl}/faults`);
    const { known } = Known.parse(await response.json());
    expect(Object.keys(rows).toSorted()).toEqual(Object.keys(known.faults).toSorted());
  });

  it.each(pairs(10, 20_261_122))(
    '%s and %s together: the job ends as one of them would, and the next job succeeds',
    async (one, other) => {
      const [first, second] = [rows[one], rows[other]];
      if (!first || !second) throw new Error('no such row');
      await expectCoped([one, other], {
        ends: [...first.ends, ...second.ends],
        within: first.within + second.within,
        runs: Math.max(first.runs ?? 1, second.runs ?? 1),
      });
    },
  );

  it.each(ordered)('%s: ends as it should, and the next job succeeds', async (fault, row) => {
    await expectCoped([fault], row);
  });
});

/** Pairs of different faults, the same for the same seed. */
function pairs(count: number, seed: number): [string, string][] {
  let state = seed;
  const pick = (from: readonly string[]): string => {
    state = Number((BigInt(state) * 1_103_515_245n + 12_345n) % 2_147_483_648n); // glibc's generator
    return from[state % from.length] ?? '';
  };
  const all = Object.keys(rows).filter((name) => !REFUSING.includes(name));
  return Array.from({ length: count }, () => {
    const one = pick(all);
    return [one, pick(all.filter((name) => name !== one))];
  });
}
