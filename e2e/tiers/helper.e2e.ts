import { type ServerResponse } from 'node:http';

import { beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { ask as askStreamed, type Asking, type Outcome, sim } from '../support/asking.ts';
import { contention } from '../support/contention.ts';
import {
  finish,
  type HelperAnswer,
  type HelperService,
  piece,
  SSE,
  startHelper,
} from '../support/helper-service.ts';
import { keepForAll } from '../support/keep.ts';
import { shareStack } from '../support/shared-stack.ts';
import { eventually } from '../support/stand-in-driver.ts';

const MODEL = 'gemini-2.5-flash';
const FIRST_BYTE_MS = 1000;
const FIRST_TOKEN_MS = 2500;
const SILENCE_MS = 1500;
const COMPLETION_MS = 6000;
/** What a limit's consequence may take, s. */
const GRACE_S = 1.5;

let helper: HelperService;
const keep = keepForAll();
const system = shareStack(async () => {
  helper = keep(await startHelper(refuse));
  return {
    STREAM_PORT: '0',
    HELPER_ENDPOINT: helper.url,
    HELPER_API_KEY: 'helper-key',
    HELPER_MODEL_MAP: `${MODEL}=google/${MODEL}`,
    HELPER_FIRST_BYTE_TIMEOUT_MS: String(FIRST_BYTE_MS),
    FIRST_TOKEN_TIMEOUT_MS: String(FIRST_TOKEN_MS),
    SILENCE_TIMEOUT_MS: String(SILENCE_MS),
    RESPONSE_COMPLETION_TIMEOUT: String(COMPLETION_MS),
  };
});

beforeEach(async () => {
  helper.requests = [];
  await system.simulator.clear();
});

/** Not now: an answer that says nothing about the helper's health. */
const refuse = (response: ServerResponse): void => {
  response.writeHead(422).end('{"error":{"message":"Not this one."}}');
};

/** Asks, and gives the text and the tier that served it. */
async function ask(content: string): Promise<{ text: string | null; tier: string | null }> {
  const { data, response } = await system.client.chat.completions
    .create({ model: MODEL, temperature: 0.5, messages: [{ role: 'user', content }] })
    .withResponse();
  return {
    text: data.choices[0]?.message.content ?? null,
    tier: response.headers.get('x-aistudio-tier'),
  };
}

/** The helper answers, so that its next failure is not one of several in a row. */
async function recover(): Promise<void> {
  helper.answer = (response) => response.writeHead(200, SSE).end(piece('well') + finish);
  expect(await ask('echo: page')).toEqual({ text: 'well', tier: 'helper' });
}

/** Says this again and again, without an end. */
function writeOn(response: ServerResponse, words: string): void {
  response.writeHead(200, SSE);
  const timer = setInterval(() => response.write(words), 100);
  response.on('close', () => clearInterval(timer));
}

describe('a helper', () => {
  it('answers without the page, asked with its own key and model name', async () => {
    helper.answer = (response) =>
      response.writeHead(200, SSE).end(piece('from ') + piece('afar') + finish);
    expect(await ask('echo: page')).toEqual({ text: 'from afar', tier: 'helper' });
    expect(await system.simulator.generateContent()).toHaveLength(0);
    expect(helper.requests[0]?.headers).toMatchObject({ authorization: 'Bearer helper-key' });
    expect(helper.requests[0]?.headers.cookie).toBeUndefined();
    expect(helper.requests[0]?.body).toMatchObject({
      model: `google/${MODEL}`,
      temperature: 0.5,
      messages: [{ role: 'user', content: 'echo: page' }],
    });
  });

  it('that breaks off after content ends the answer as interrupted, without another press', async () => {
    let breakOff = (): void => undefined;
    helper.answer = (response) => {
      response.writeHead(200, SSE).write(piece('half'));
      breakOff = () => response.destroy();
    };
    const stream = await system.client.chat.completions.create({
      model: MODEL,
      stream: true,
      messages: [{ role: 'user', content: 'echo: page' }],
    });
    let received = '';
    const reading = (async () => {
      for await (const { choices } of stream) {
        received += choices[0]?.delta.content ?? '';
        if (received === 'half') breakOff();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'upstream_interrupted' });
    expect(received).toBe('half');
    expect(await system.simulator.generateContent()).toHaveLength(0);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['refuses', (response) => response.writeHead(401).end('{"error":{"message":"No."}}')],
    ['never replies', () => undefined],
    ['sends garbage', (response) => response.writeHead(200, SSE).end('data: garbage\n\n')],
    ['cuts the connection', (response) => response.destroy()],
    ['takes the request, and no more', (response) => writeOn(response, ': wait\n\n')],
  ])('that %s is made good by the page', async (_title, reply) => {
    await recover();
    helper.answer = reply;
    expect(await ask('echo: page')).toEqual({ text: 'page', tier: 'dom' });
    expect(await system.simulator.generateContent()).toHaveLength(1);
  });
});

const afar = (answer: HelperAnswer): Scene => ({ answer, prompt: 'echo: page' });
const onPage = (directive: Readonly<Record<string, unknown>>): Scene => ({
  answer: refuse,
  prompt: sim(directive),
});
/** What makes a tier answer so. */
interface Scene {
  readonly answer: HelperAnswer;
  readonly prompt: string;
}
const scenes = {
  helper: {
    'says nothing': afar(() => undefined),
    'falls silent': afar((response) => response.writeHead(200, SSE).write(piece('half'))),
    'does not end': afar((response) => writeOn(response, piece('on and '))),
  },
  dom: {
    'says nothing': onPage({ text: 'late', firstDelayMs: 60_000 }),
    'falls silent': onPage({ text: 'half and half', chunks: 2, stallAfterChunks: 1 }),
    'does not end': onPage({ text: 'on and '.repeat(200), chunks: 200, delayMs: 100 }),
  },
} as const;

/** A request that a tier is about to answer. */
interface Started {
  readonly outcome: Promise<Outcome>;
  /** Resolves once the tier has the request and, if it says anything, the client a piece. */
  readonly underWay: Promise<unknown>;
  /** Resolves once whoever answers has seen that no more is wanted: by the page's Stop, or ours. */
  untilDropped(): Promise<unknown>;
}

function start(
  tier: keyof typeof scenes,
  state: keyof (typeof scenes)['dom'],
  asking: Asking = {},
): Started {
  const { answer, prompt } = scenes[tier][state];
  let reply: ServerResponse | undefined;
  let hasPiece = false;
  helper.answer = (response, body) => {
    reply = response;
    answer(response, body);
  };
  const outcome = askStreamed(system.stack.baseUrl, prompt, {
    ...asking,
    onPiece: () => {
      hasPiece = true;
    },
  });
  const isAsked = async (): Promise<boolean> =>
    tier === 'helper'
      ? reply !== undefined
      : (await system.simulator.generateContent()).length === 1;
  return {
    outcome,
    underWay: eventually(state === 'says nothing' ? isAsked : () => Promise.resolve(hasPiece)),
    untilDropped: () =>
      eventually(async () =>
        tier === 'helper' ? reply?.closed : (await system.simulator.lastEnd()).endedBy === 'client',
      ),
  };
}

/** Cancels the only request. */
async function cancel(): Promise<void> {
  const { baseUrl } = system.stack;
  const { data } = Queue.parse(await (await fetch(`${baseUrl}/queue`)).json());
  await fetch(`${baseUrl}/cancel/${data[0]?.req_id}`, { method: 'POST' });
}
const Queue = z.object({ data: z.array(z.object({ req_id: z.string() })) });

describe('the time limits', () => {
  it.each([
    ['dom', 'says nothing', FIRST_TOKEN_MS, 'FIRST_TOKEN_TIMEOUT_MS'],
    ['dom', 'falls silent', SILENCE_MS, 'SILENCE_TIMEOUT_MS'],
    ['dom', 'does not end', COMPLETION_MS, 'RESPONSE_COMPLETION_TIMEOUT'],
    ['helper', 'falls silent', SILENCE_MS, 'SILENCE_TIMEOUT_MS'],
    ['helper', 'does not end', COMPLETION_MS, 'RESPONSE_COMPLETION_TIMEOUT'],
  ] as const)('%s tier, that %s: ends after %i ms, saying %s', async (tier, state, ms, limit) => {
    await recover();
    const asking = start(tier, state);
    const { failure, reason, seconds } = await asking.outcome;
    expect([failure, reason]).toEqual(['timeout', expect.stringContaining(limit)]);
    expect(seconds).toBeGreaterThanOrEqual(ms / 1000);
    expect(seconds).toBeLessThan(ms / 1000 + GRACE_S * contention());
    await asking.untilDropped();
    await recover();
  });

  it('go by the thoughts too, and begin anew with each piece', async () => {
    helper.answer = refuse;
    const thoughtful = sim({ thoughts: 'abc', text: 'def', chunks: 3, delayMs: 700 });
    const outcome = await askStreamed(system.stack.baseUrl, thoughtful);
    expect(outcome).toMatchObject({ text: 'def', failure: undefined, tier: 'dom' });
    expect(outcome.seconds).toBeGreaterThan(FIRST_TOKEN_MS / 1000);
  });
});

describe('a request that nobody wants any more', () => {
  const ways = ['cancelled', 'left'] as const;
  const rows = (['helper', 'dom'] as const).flatMap((tier) =>
    (['says nothing', 'does not end'] as const).flatMap((state) =>
      ways.map((way) => ({ tier, state, way })),
    ),
  );

  it.each(rows)('$way while the $tier tier $state: stopped within 1 s', async (row) => {
    const { tier, state, way } = row;
    const client = new AbortController();
    const asking = start(tier, state, { signal: client.signal });
    await asking.underWay;
    const from = performance.now();
    if (way === 'left') client.abort();
    else await cancel();
    expect((await asking.outcome).failure).toBe(way === 'left' ? 'went away' : 'request_cancelled');
    await asking.untilDropped();
    expect(performance.now() - from).toBeLessThan(1000 * contention());
    await recover();
  });
});

describe('a helper that fails again and again', () => {
  it('is left alone after three failures in a row', async () => {
    helper.answer = (response) => response.writeHead(503).end();
    for (let count = 0; count < 5; count++) {
      expect(await ask('echo: page')).toEqual({ text: 'page', tier: 'dom' });
    }
    expect(helper.requests.length).toBeLessThanOrEqual(3);
  });
});
