import { beforeEach, describe, expect, it } from '@jest/globals';
import { APIError, type OpenAI } from 'openai';

import { sim } from '../support/asking.ts';
import { shareStack } from '../support/shared-stack.ts';

const MODEL = 'gemini-2.5-flash';
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
/** A process that gave no sign of life for so long counts as gone, ms. */
const GONE_MS = 5000;

const system = shareStack();

beforeEach(async () => {
  await system.simulator.clear();
});

interface Outcome {
  readonly text: string;
  readonly reasoning: string;
  readonly finish: string | undefined;
  readonly failure: string | undefined;
  readonly tier: string | null;
}

/** Asks, and calls `onPiece` with all that has come so far after each piece. */
async function ask(content: string, onPiece?: (sofar: string) => void): Promise<Outcome> {
  let text = '';
  let reasoning = '';
  let finish: string | undefined;
  let failure: string | undefined;
  let tier: string | null = null;
  try {
    const { data, response } = await system.client.chat.completions
      .create({ model: MODEL, messages: [{ role: 'user', content }], stream: true })
      .withResponse();
    tier = response.headers.get('x-aistudio-tier');
    for await (const { choices } of data) {
      const [choice] = choices;
      const delta: OpenAI.ChatCompletionChunk.Choice.Delta & { reasoning_content?: string } =
        choice?.delta ?? {};
      text += delta.content ?? '';
      reasoning += delta.reasoning_content ?? '';
      finish = choice?.finish_reason ?? finish;
      onPiece?.(reasoning + text);
    }
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    failure = error.code ?? 'unknown';
  }
  return { text, reasoning, finish, failure, tier };
}

function signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT', process_: string): void {
  const pid = system.stack.pidOf(process_);
  if (pid === undefined) throw new Error(`${process_} does not run`);
  process.kill(pid, name);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until this tier answers, and gives what it said; jest's own limit is the deadline. */
async function untilServedBy(tier: string): Promise<string> {
  for (;;) {
    const outcome = await ask(`echo: I am ${tier}`);
    if (outcome.tier === tier) return outcome.text;
    await pause(500);
  }
}

describe('one tier taking over from another', () => {
  it('asks again on the page’s own when the proxy dies before the first token', async () => {
    const asking = ask(sim({ text: ALPHABET, firstDelayMs: 2500 }));
    await untilAsked(1);
    signal('SIGKILL', 'stream-proxy');
    expect(await asking).toMatchObject({
      text: ALPHABET,
      finish: 'stop',
      failure: undefined,
      tier: 'dom',
    });
    expect(await system.simulator.generateContent()).toHaveLength(2);
    expect(await untilServedBy('stream-proxy')).toBe('I am stream-proxy');
  });

  it.each(['text', 'thoughts'])(
    'breaks off, never starts again, when the proxy dies in the middle of the %s',
    async (kind) => {
      let isKilled = false;
      const answer = { text: 'done', [kind]: ALPHABET, chunks: 26, delayMs: 100 };
      const outcome = await ask(sim(answer), (sofar) => {
        if (isKilled || !sofar.includes('e')) return;
        isKilled = true;
        signal('SIGKILL', 'stream-proxy');
      });
      const told = kind === 'text' ? outcome.text : outcome.reasoning;
      expect(told).toBe(ALPHABET.slice(0, told.length));
      expect(told.length).toBeGreaterThanOrEqual(5);
      expect(outcome).toMatchObject({ failure: 'upstream_interrupted', tier: 'stream-proxy' });
      expect(await system.simulator.generateContent()).toHaveLength(1);
      expect(await untilServedBy('stream-proxy')).toBe('I am stream-proxy');
    },
  );

  it('reads on from the page, without a break, when the proxy no longer understands', async () => {
    const frame = (text: string): string =>
      `[[[[[[null,${JSON.stringify(text)}]],"model"]]],null,[11,4,15]]`;
    const body = [
      `[[${frame('one ')}`,
      `,${frame('two ')}`,
      ',["a new shape"]',
      `,${frame('three  ')}`,
      `,${frame('four\n')}`,
      ',[[[null,1]],null,[11,24,35]]]]',
    ];
    const rawChunks = body.map((chunk) => Buffer.from(chunk).toString('base64'));
    const arrivals: string[] = [];
    const outcome = await ask(sim({ rawChunks, delayMs: 300 }), (sofar) => arrivals.push(sofar));
    expect(outcome).toEqual({
      text: 'one two three  four\n',
      reasoning: '',
      finish: 'stop',
      failure: undefined,
      tier: 'stream-proxy',
    });
    expect(arrivals).toContain('one two three'); // streamed by the second tier too
    expect(await system.simulator.generateContent()).toHaveLength(1);
  });

  it('reads on from the page though it can tell neither thoughts nor code that ran as they were sent', async () => {
    const frame = (part: unknown[]): string =>
      `,${JSON.stringify([[[[[part], 'model']]], null, [11, 4, 15]])}`;
    const nothing = (count: number): null[] => Array.from({ length: count }, () => null);
    const thought = '**Weighing the *options***\n\nFirst `this`, then that.\n\n\n';
    const body = [
      `[[${frame([null, thought, ...nothing(10), 1]).slice(1)}`,
      frame([null, 'Let me see:']),
      frame([...nothing(7), [1, 'print("*1*")\n\n\n']]),
      frame([...nothing(8), [1, '*1*\n\n']]),
      frame([null, 'It *is* ']),
      ',["a new shape"]',
      frame([null, 'one.\n']),
      ',[[[null,1]],null,[11,24,35]]]]',
    ];
    const rawChunks = body.map((chunk) => Buffer.from(chunk).toString('base64'));
    expect(await ask(sim({ rawChunks, delayMs: 200 }))).toEqual({
      text: 'Let me see:\n\n```python\nprint("*1*")\n\n\n```\n\n```output\n*1*\n\n```\n\nIt *is* one.\n',
      reasoning: thought,
      finish: 'stop',
      failure: undefined,
      tier: 'stream-proxy',
    });
    expect(await system.simulator.generateContent()).toHaveLength(1);
  });

  it('notices a proxy that hangs while the page asks', async () => {
    signal('SIGSTOP', 'stream-proxy');
    const outcome = await ask(`echo: ${ALPHABET}`);
    signal('SIGCONT', 'stream-proxy');
    expect(outcome).toMatchObject({ text: ALPHABET, failure: undefined, tier: 'dom' });
    expect(await untilServedBy('stream-proxy')).toBe('I am stream-proxy');
  });

  it('does without a proxy that does not answer, and goes through it again when it does', async () => {
    signal('SIGSTOP', 'stream-proxy');
    await pause(GONE_MS);
    expect(await ask(`echo: ${ALPHABET}`)).toMatchObject({ text: ALPHABET, tier: 'dom' });
    signal('SIGCONT', 'stream-proxy');
    expect(await untilServedBy('stream-proxy')).toBe('I am stream-proxy');
  });

  it('starts without a proxy, and goes through it once it is there', async () => {
    signal('SIGSTOP', 'stream-proxy');
    await pause(GONE_MS);
    signal('SIGKILL', 'browser-driver');
    expect(await untilServedBy('dom')).toBe('I am dom');
    signal('SIGCONT', 'stream-proxy');
    expect(await untilServedBy('stream-proxy')).toBe('I am stream-proxy');
  });
});

/** Waits until the page has asked the model so many times. */
async function untilAsked(times: number): Promise<void> {
  while ((await system.simulator.generateContent()).length < times) await pause(50);
}
