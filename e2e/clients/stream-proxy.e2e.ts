import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import { z } from 'zod';

import { contention } from '../support/contention.ts';
import { keepForAll } from '../support/keep.ts';
import { Simulator } from '../support/simulator.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { describeAgentBodies } from './agent-set.ts';
import {
  describeClient,
  FORECAST,
  QUESTION,
  type Run,
  type System,
  TWO_CALLS,
  TWO_ROUNDS,
} from './core-set.ts';

const KEY = 'the-key';
/** A model that rests after its quota is gone; no other test asks it. */
const RESTING = { model: 'gemini-2.5-flash-lite' };
const LONG = { text: 'On and on it goes. '.repeat(50), chunks: 50, delayMs: 100 };
const QUOTA = { status: 429, code: 8, message: 'You exceeded your current quota.' };

let stack: Stack;
let simulator: Simulator;

const keep = keepForAll();
beforeAll(async () => {
  stack = keep(await startStack({ env: { API_KEYS: KEY } }));
  simulator = new Simulator(stack.controlUrl);
});

beforeEach(async () => {
  await simulator.clear();
});

const prepare = (steps: readonly object[]): Promise<void> => simulator.script(QUESTION, ...steps);
const system = (): System => ({
  setting: { baseUrl: stack.baseUrl, apiKey: KEY, model: 'gemini-2.5-flash', prompt: QUESTION },
  prepare,
});
const runs = async (): Promise<number> => (await simulator.generateContent()).length;

const Left = z.object({ at: z.number() });

/** The client leaves in the middle; Stop is pressed within a second of that. */
async function expectStopped(run: Run, scenario: string): Promise<void> {
  await prepare([LONG]);
  const { at } = Left.parse(await run(scenario));
  const { endedAt, endedBy } = await simulator.lastEnd();
  expect(endedBy).toBe('client');
  expect(endedAt - at).toBeLessThan(1000 * contention());
}

/** A client that waits as long as it is told gets its answer by a second press of Run. */
async function expectRetried(run: Run): Promise<void> {
  await prepare([{ error: { ...QUOTA, retryAfterSeconds: 1 } }, { text: 'Blue.' }]);
  const { text, ms } = z.object({ text: z.string(), ms: z.number() }).parse(await run('retried'));
  expect(text).toBe('Blue.');
  expect(ms).toBeGreaterThan(1000);
  expect(await runs()).toBe(2);
}

/** A client is told of a quota that is gone for long. Gives how often Run was pressed for it. */
async function expectQuotaError(run: Run, error: object): Promise<number> {
  await prepare([{ error: { ...QUOTA, retryAfterSeconds: 600 } }]);
  expect(await run('refused', RESTING)).toMatchObject({ status: 429, ...error });
  return runs();
}

const QUOTA_GONE = {
  kind: 'RateLimitError',
  code: 'rate_limit_exceeded',
  type: 'rate_limit_error',
};

const describeOpenAi = (name: 'openai 6' | 'openai 7', isFirst: boolean): void =>
  describeClient(name, system, (run) => {
    it('says in _request_id what the answer is called', async () => {
      await prepare([{ text: 'Blue.' }]);
      expect(await run('text')).toMatchObject({ isRequestIdTheId: true });
    });

    it('emits the events of its stream helper', async () => {
      const text = 'Blue sky everywhere.';
      await prepare([{ text, chunks: 4, usage: { prompt: 9, completion: 3, reasoning: 0 } }]);
      expect(await run('streamHelper')).toMatchObject({
        events: expect.arrayContaining(['connect', 'chunk', `content.done ${text}`, 'end']),
        deltas: text,
        text,
        role: 'assistant',
        finish: 'stop',
        usage: { input: 9, output: 3 },
      });
    });

    it('runs tools while it streams', async () => {
      await prepare(TWO_ROUNDS);
      expect(await run('streamedTools')).toEqual({
        text: 'Mild, and mild again.',
        streamed: 'Mild, and mild again.',
        calls: TWO_CALLS,
        results: ['Lyon today: 21 °C', 'Lyon tomorrow: 21 °C'],
        finishes: ['tool_calls', 'tool_calls', 'stop'],
        distinctIds: 2,
      });
      expect(await runs()).toBe(3);
    });

    it.each(['abort', 'breakOut'])('stops the page when it leaves by %s', (scenario) =>
      expectStopped(run, scenario),
    );

    it('gives up by its own timeout, which stops the page', async () => {
      await prepare([{ firstDelayMs: 20_000, text: 'late' }]);
      expect(await run('timeout')).toMatchObject({ kind: 'APIConnectionTimeoutError' });
      expect((await simulator.lastEnd()).endedBy).toBe('client');
    });

    it('waits as long as Retry-After says, and asks again', () => expectRetried(run));

    it('does not try again while a quota is gone for long', async () => {
      // The first to ask finds out; for the others the model is known to rest.
      expect(await expectQuotaError(run, QUOTA_GONE)).toBe(isFirst ? 1 : 0);
    });

    it('keeps the text of a stream that breaks off, and raises', async () => {
      await prepare([
        { text: 'One. Two. Three. Four.', chunks: 4, delayMs: 50, dropAfterChunks: 2 },
      ]);
      expect(await run('brokenStream')).toMatchObject({
        text: expect.stringMatching(/^One\. /),
        kind: 'APIError',
        code: 'upstream_interrupted',
      });
    });

    it('does not parse an object that was cut short', async () => {
      await prepare([{ text: '{"city":"Ly', finish: 'MAX_TOKENS' }]);
      expect(await run('cutShort')).toMatchObject({ kind: 'LengthFinishReasonError' });
    });

    it('raises its class for each refusal, which names the parameter', async () => {
      const bad = { kind: 'BadRequestError', status: 400 };
      expect(await run('badRequests')).toMatchObject({
        temperature: { ...bad, code: 'invalid_value', param: 'temperature' },
        part: { ...bad, code: 'invalid_value', param: 'messages[0].content[0].type' },
        several: { ...bad, code: 'unsupported_parameter', param: 'n' },
        model: { kind: 'NotFoundError', status: 404, code: 'model_not_found', param: 'model' },
        embeddings: { ...bad, code: 'unsupported_endpoint' },
      });
      expect(await run('refused', { apiKey: 'wrong' })).toMatchObject({
        kind: 'AuthenticationError',
        status: 401,
        code: 'invalid_api_key',
        requestID: expect.any(String),
      });
      expect(await runs()).toBe(0);
    });

    it('lists models and retrieves one', async () => {
      expect(await run('models')).toMatchObject({
        ids: expect.arrayContaining(['gemini-2.5-flash']),
        one: { id: 'gemini-2.5-flash', object: 'model' },
        missing: { kind: 'NotFoundError', code: 'model_not_found' },
      });
    });
  });

describeOpenAi('openai 6', true);
describeOpenAi('openai 7', false);

describeClient('ai 7', system, (run) => {
  it('sees thinking, then text, then the end', async () => {
    await prepare([{ thoughts: 'Look up.', text: 'Blue.' }]);
    expect(await run('stream')).toMatchObject({
      order: [
        'start',
        'start-step',
        'reasoning-start',
        'reasoning-delta',
        'reasoning-end',
        'text-start',
        'text-delta',
        'text-end',
        'finish-step',
        'finish',
      ],
    });
  });

  it('takes several steps while it streams', async () => {
    await prepare(TWO_ROUNDS);
    expect(await run('streamedTools')).toEqual({
      text: 'Mild, and mild again.',
      calls: TWO_CALLS,
      finishes: ['tool-calls', 'tool-calls', 'stop'],
    });
  });

  it('generates an object', async () => {
    await prepare([{ text: JSON.stringify(FORECAST) }]);
    expect(await run('generateObject')).toEqual({ object: FORECAST });
  });

  it('stops the page when it aborts', () => expectStopped(run, 'abort'));

  it('waits as long as Retry-After says, and asks again', () => expectRetried(run));

  it('raises an APICallError with the status', async () => {
    const wanted = { kind: 'APICallError', message: expect.stringContaining('quota') };
    expect(await expectQuotaError(run, wanted)).toBe(0);
    expect(await run('refused', { apiKey: 'wrong' })).toMatchObject({ status: 401 });
  });

  it('ends with an error part when a stream breaks off', async () => {
    await prepare([{ text: 'One. Two. Three. Four.', chunks: 4, delayMs: 50, dropAfterChunks: 2 }]);
    expect(await run('brokenStream')).toMatchObject({
      text: expect.stringMatching(/^One\. /),
      errors: [{ code: 'upstream_interrupted' }],
      finish: 'error',
    });
  });
});

describeClient('@langchain/openai 1', system, (run) => {
  it('gets an object by a call of a function', async () => {
    await prepare([{ toolCalls: [{ name: 'forecast', args: FORECAST }] }]);
    expect(await run('structuredByCall')).toEqual({ object: FORECAST });
  });

  it('gets an object by JSON mode', async () => {
    await prepare([{ text: JSON.stringify(FORECAST) }]);
    expect(await run('structuredByMode')).toEqual({ object: FORECAST });
  });

  it('puts streamed calls together', async () => {
    await prepare(TWO_ROUNDS);
    expect(await run('streamedCalls')).toEqual({
      calls: [{ name: 'get_weather', args: TWO_CALLS[0] }],
      finish: 'tool_calls',
    });
  });

  it('stops the page when it aborts', () => expectStopped(run, 'abort'));

  it('raises the error of a quota', async () => {
    expect(await expectQuotaError(run, QUOTA_GONE)).toBe(0);
  });
});

describeClient('@openai/agents 0.20', system, (run) => {
  it('streams a run to its final output', async () => {
    await prepare([{ text: 'Blue sky.', chunks: 3, delayMs: 20 }]);
    expect(await run('stream')).toMatchObject({
      text: 'Blue sky.',
      final: 'Blue sky.',
      items: ['message_output_created'],
    });
  });

  it('hands over to another agent, which uses its tool', async () => {
    await prepare([{ toolCalls: [{ name: 'transfer_to_Forecaster', args: {} }] }, ...TWO_ROUNDS]);
    expect(await run('handoff')).toEqual({
      text: 'Mild, and mild again.',
      calls: TWO_CALLS,
      last: 'Forecaster',
      items: [
        'handoff_requested',
        'handoff_occurred',
        'tool_called',
        'tool_output',
        'tool_called',
        'tool_output',
        'message_output_created',
      ],
    });
  });

  it('raises the error of a quota', async () => {
    expect(await expectQuotaError(run, QUOTA_GONE)).toBe(0);
  });
});

describeAgentBodies(
  () => system().setting,
  () => simulator,
);
