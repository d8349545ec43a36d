import { beforeEach, describe, expect, it } from '@jest/globals';
import { APIError, type OpenAI } from 'openai';

import { type Vector, vectors } from '../../packages/wire/src/__fixtures__/vectors.ts';
import { sim } from '../support/asking.ts';
import { contention } from '../support/contention.ts';
import { shareStack } from '../support/shared-stack.ts';

const MODEL = 'gemini-2.5-flash';
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const IMAGE = `![image](data:image/png;base64,${PIXEL})`;

/** What breaks whoever scrapes a rendering: everything that markdown drops, moves or changes. */
const MARKDOWN = `# Title #  \n\nA [link](http://x.y/z "t"), ![img](a.png), \`code\`, ~~del~~, &copy; \\* esc, un**bel**ievable\r\nCRLF\r\n\n$$\n\\int_0^1 x^2 dx\n$$\n\n<div class="a">html & <br/></div>\n\n1. one\n   - two  \n\n     para\n7. seven\n\n| a | b |\n|:--|--:|\n| \`x|y\` | **z** |\n\n    indented\n\ttab\n\n\`\`\`\`md\n\`\`\`ts\nconst a = ['<b>'];\t\n\`\`\`\n\`\`\`\`\n\n   trailing   \n\n\n`;
/** More than 200 kB of it, with framing characters, emoji, CJK and characters that end lines. */
const LONG = Array.from(
  { length: 600 },
  (_, index) =>
    `${index} ]],"model"] [[[null,"x"]] \\" C:\\temp 漢字 👨‍👩‍👧 é\u2028\u0085\v\n${MARKDOWN}`,
).join('');

/** What a client gets of one answer. */
interface Received {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { name: string; arguments: unknown }[];
  readonly finish: string | undefined;
  /** The code of the error that ended it. */
  readonly failure: string | undefined;
}
interface Answer {
  readonly name: string;
  readonly prompt: string;
  readonly expected: Received;
  /** What differs where the page alone is read. */
  readonly pure?: Partial<Received>;
}

const received = (part: Partial<Received>): Received => ({
  text: '',
  reasoning: '',
  calls: [],
  finish: part.failure === undefined ? 'stop' : undefined,
  failure: undefined,
  ...part,
});
/** What a worked answer means, in the words of an OpenAI client. */
function fromVector({ name, body, events }: Vector): Answer {
  const calls = new Map<string, Received['calls'][number]>();
  let text = '';
  let reasoning = '';
  let end: Partial<Received> = {};
  for (const event of events as Record<string, string>[]) {
    const { e, text: piece = '', reason = '' } = event;
    if (e === 'text') text += piece;
    if (e === 'thought') reasoning += piece;
    if (e === 'code') text += `\`\`\`python\n${event['code'] ?? ''}\`\`\`\n\n`;
    if (e === 'codeResult') text += `\`\`\`output\n${event['output'] ?? ''}\`\`\`\n\n`;
    if (e === 'media') text += `\n\n${IMAGE}`;
    if (e === 'call') {
      calls.set(event['id'] ?? '', { name: event['name'] ?? '', arguments: event['args'] });
    }
    if (e === 'finish') end = { finish: reason === 'STOP' ? 'stop' : 'content_filter' };
    if (e === 'finish' && reason === 'MAX_TOKENS') end = { finish: 'length' };
    if (e === 'error') end = { failure: 'upstream_interrupted' };
  }
  if (calls.size > 0) end = { finish: 'tool_calls' };
  const all = [...calls.values()];
  // What breaks off does so after the page has shown what came before.
  const pieces = name === 'e13' ? [body.subarray(0, -1), body.subarray(-1)] : [body];
  return {
    name: `the worked example ${name}`,
    prompt: sim({ rawChunks: pieces.map((piece) => piece.toString('base64')), delayMs: 500 }),
    expected: received({ text, reasoning, calls: all, ...end }),
    ...(name === 'e6' ? { pure: { finish: 'stop' } } : {}),
    // The page shows the repeated call again, and no id by which to know it.
    ...(name === 'e4' ? { pure: { calls: [all[0], all[1], all[1], all[2]] as typeof all } } : {}),
    // The page tells its thoughts only when the answer is finished.
    ...(name === 'e13' ? { pure: { text: text.trimEnd(), reasoning: '' } } : {}),
  };
}

/** Finish codes, and whether the page shows them. */
const FILTERED = {
  SAFETY: true,
  PROHIBITED_CONTENT: true,
  RECITATION: false,
  LANGUAGE: false,
  BLOCKLIST: false,
  SPII: false,
};
const FAILED = ['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS'];
const weather = {
  name: 'get_weather',
  args: { city: 'Zürich', days: [1, 2.5], deep: { a: null } },
};

const answers: readonly Answer[] = [
  ...vectors.map(fromVector),
  {
    name: 'markdown that rendering would lose',
    prompt: sim({ text: MARKDOWN, chunks: 40 }),
    expected: received({ text: MARKDOWN }),
  },
  {
    name: '200 kB',
    prompt: `echo: ${LONG}`,
    // A text field makes one line end of two characters, so this is what the page was asked.
    expected: received({ text: LONG.replaceAll('\r\n', '\n') }),
  },
  {
    name: 'a character a frame',
    prompt: sim({ text: 'Hi 👋🏽,  \n\n漢字.\n', chunks: 13, delayMs: 20 }),
    expected: received({ text: 'Hi 👋🏽,  \n\n漢字.\n' }),
  },
  {
    name: 'long thinking',
    prompt: sim({
      thoughts: '**Step**\n\nHm, *well*.\n\n\n'.repeat(40),
      text: 'So: 42',
      chunks: 20,
    }),
    expected: received({ reasoning: '**Step**\n\nHm, *well*.\n\n\n'.repeat(40), text: 'So: 42' }),
  },
  {
    name: 'an answer so long that its thoughts leave the page',
    prompt: sim({ thoughts: 'Hm, *well*.\n', text: MARKDOWN.repeat(100), chunks: 10 }),
    expected: received({ reasoning: 'Hm, *well*.\n', text: MARKDOWN.repeat(100) }),
  },
  {
    name: 'text and two calls',
    prompt: sim({ text: 'I look.', toolCalls: [weather, { name: 'get_time', args: {} }] }),
    expected: received({
      text: 'I look.',
      calls: [
        { name: weather.name, arguments: weather.args },
        { name: 'get_time', arguments: {} },
      ],
      finish: 'tool_calls',
    }),
  },
  {
    name: 'an image',
    prompt: sim({ text: 'Look:', media: { mimeType: 'image/png', data: PIXEL } }),
    expected: received({ text: `Look:\n\n${IMAGE}` }),
  },
  {
    name: 'an empty answer',
    prompt: sim({ text: '' }),
    expected: received({}),
  },
  {
    name: 'MAX_TOKENS',
    prompt: sim({ text: 'One, two, thr', finish: 'MAX_TOKENS' }),
    expected: received({ text: 'One, two, thr', finish: 'length' }),
    pure: { finish: 'stop' },
  },
  ...Object.entries(FILTERED).map(([finish, isShown]) => ({
    name: finish,
    prompt: sim({ text: 'I can say', finish }),
    expected: received({ text: 'I can say', finish: 'content_filter' }),
    ...(isShown ? {} : { pure: { finish: 'stop' } }),
  })),
  ...FAILED.map((finish) => ({
    name: finish,
    prompt: sim({ text: 'I call', finish }),
    expected: received({ text: 'I call', failure: 'upstream_error' }),
    pure: { finish: 'stop', failure: undefined },
  })),
];

const modes = [
  { mode: 'the stream proxy', tier: 'stream-proxy', env: {} },
  { mode: 'the page with its traffic', tier: 'dom', env: { STREAM_PORT: '0' } },
  { mode: 'the page alone', tier: 'dom', env: { STREAM_PORT: '0', PAGE_EVIDENCE: 'off' } },
];

describe.each(modes)('answers read from $mode', ({ mode, tier, env }) => {
  const isPure = mode === 'the page alone';
  const system = shareStack(() => env);

  beforeEach(async () => {
    await system.simulator.clear();
  });

  it.each(answers)('$name', async ({ prompt, expected, pure }) => {
    const wanted = { ...expected, ...(isPure ? pure : {}) };
    const streamed = await askStreamed(system.client, prompt);
    expect(streamed).toMatchObject({ tier, received: { failure: wanted.failure } });
    // Of thoughts the page shows only the rendering.
    const reasoning = isPure ? words(wanted.reasoning) : wanted.reasoning;
    const got = isPure
      ? { ...streamed.received, reasoning: words(streamed.received.reasoning) }
      : streamed.received;
    expect(got).toEqual({ ...wanted, reasoning });

    const whole = await askWhole(system.client, prompt);
    // What had arrived before an error is of no use to who waits for the whole.
    const rest = wanted.failure === undefined ? {} : { text: '', reasoning: '' };
    expect({ ...whole, reasoning: isPure ? words(whole.reasoning) : whole.reasoning }).toEqual({
      ...wanted,
      reasoning,
      ...rest,
    });
  });

  it('N-07: has AI Studio’s usage or, where only the page is read, an estimate within 10 %', async () => {
    const text =
      'The short answer is that your service runs out of file descriptors, not memory. Every request ' +
      'opens a new connection to the database and only closes it when the garbage collector feels like it.';
    const truth = 37; // counted once with the tokenizer that Gemini shares with the Gemma 3 family
    const { data, response } = await system.client.chat.completions
      .create({
        model: MODEL,
        messages: [{ role: 'user', content: sim({ text, usage: { completion: truth } }) }],
      })
      .withResponse();
    const completion = data.usage?.completion_tokens ?? 0;
    expect(Math.abs(completion - truth)).toBeLessThanOrEqual(isPure ? 0.1 * truth : 0);
    expect(response.headers.get('x-aistudio-warnings')).toBe(isPure ? 'usage is estimated' : null);
  });

  it('streams while the answer is written', async () => {
    const text = 'abcdefghijklmnopqrst'.repeat(5);
    const stream = await system.client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: sim({ text, chunks: 20, delayMs: 100 }) }],
      stream: true,
    });
    const arrivals: number[] = [];
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content)
        arrivals.push(performance.timeOrigin + performance.now());
    }
    const sent = await system.simulator.lastSendTimes();
    const firstMs = (arrivals[0] ?? 0) - (sent[0] ?? 0);
    process.stdout.write(`${mode}: first text ${firstMs.toFixed(0)} ms after it was sent\n`);
    expect(arrivals.length).toBeGreaterThanOrEqual(15);
    expect(firstMs).toBeLessThan(500 * contention());
  });

  it('ends at a stop sequence that the page cannot hold, across pieces, and stops the page', async () => {
    const text = 'one\ntwo\n\nUser: three '.padEnd(400, 'x');
    const stream = await system.client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: sim({ text, chunks: 100, delayMs: 50 }) }],
      stop: ['\n\nUser:'],
      stream: true,
    });
    let got = '';
    let finish: string | null | undefined;
    for await (const chunk of stream) {
      got += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    expect([got, finish]).toEqual(['one\ntwo', 'stop']);
    expect((await system.simulator.lastEnd()).endedBy).toBe('client');
  });

  it('says which models there are', async () => {
    const models = await system.client.models.list();
    expect(models.data.map(({ id }) => id)).toContain(MODEL);
  });
});

const words = (text: string): string => text.replace(/[*\s]/g, '');

type Call = { name: string; arguments: string };
const parsed = (calls: readonly Call[]): Received['calls'] =>
  calls.map((call) => ({ name: call.name, arguments: JSON.parse(call.arguments) as unknown }));

async function askStreamed(
  client: OpenAI,
  content: string,
): Promise<{ received: Received; tier: string | null }> {
  let text = '';
  let reasoning = '';
  let finish: string | undefined;
  let failure: string | undefined;
  let tier: string | null = null;
  const calls: Call[] = [];
  try {
    const { data, response } = await client.chat.completions
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
      for (const { index, function: part } of delta.tool_calls ?? []) {
        const call = (calls[index] ??= { name: '', arguments: '' });
        call.name += part?.name ?? '';
        call.arguments += part?.arguments ?? '';
      }
    }
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    failure = error.code ?? 'unknown';
    tier ??= error.headers?.get('x-aistudio-tier') ?? null;
  }
  return { received: { text, reasoning, calls: parsed(calls), finish, failure }, tier };
}

async function askWhole(client: OpenAI, content: string): Promise<Received> {
  try {
    const { choices } = await client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content }],
    });
    const [choice] = choices;
    const message: Partial<OpenAI.ChatCompletionMessage> & { reasoning_content?: string } =
      choice?.message ?? {};
    const calls = (message.tool_calls ?? []).flatMap((call) =>
      call.type === 'function' ? [call.function] : [],
    );
    return {
      text: message.content ?? '',
      reasoning: message.reasoning_content ?? '',
      calls: parsed(calls),
      finish: choice?.finish_reason,
      failure: undefined,
    };
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return received({ failure: error.code ?? 'unknown' });
  }
}
