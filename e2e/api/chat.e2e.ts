import { beforeEach, describe, expect, it } from '@jest/globals';
import { APIError, NotFoundError, type OpenAI, RateLimitError } from 'openai';

import { sim } from '../support/asking.ts';
import { contention } from '../support/contention.ts';
import { shareStack } from '../support/shared-stack.ts';

const MODEL = 'gemini-2.5-flash';
const asUser = (content: string): OpenAI.ChatCompletionMessageParam[] => [
  { role: 'user', content },
];

/** 100 kB of what breaks careless parsers: framing characters, fences, emoji, CJK, escapes. */
const hostile = Array.from(
  { length: 700 },
  (_, index) =>
    `${index} ]],"model"] [[[null,"x"]] \\" C:\\temp 漢字 👨‍👩‍👧 é\u2028\n\`\`\`ts\n  const a = ['<b>&amp;</b>'];\t\n\`\`\`\n| a | b |\n|---|---|\n  - $x^2$  \n`,
).join('');

const system = shareStack();

beforeEach(async () => {
  await system.simulator.clear();
});

async function streamed(messages: OpenAI.ChatCompletionMessageParam[]): Promise<string> {
  const stream = await system.client.chat.completions.create({
    model: MODEL,
    messages,
    stream: true,
  });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  return text;
}

describe('the openai package against the whole system', () => {
  it('lists the models that the page offers, and finds one by id', async () => {
    const models = await system.client.models.list();
    expect(models.data.map((model) => model.id)).toContain(MODEL);
    expect(await system.client.models.retrieve(MODEL)).toMatchObject({
      id: MODEL,
      object: 'model',
    });
    await expect(system.client.models.retrieve('gpt-4')).rejects.toBeInstanceOf(NotFoundError);
  });

  it('answers in one piece', async () => {
    const completion = await system.client.chat.completions.create({
      model: MODEL,
      messages: asUser(
        sim({ text: 'Hi there.', usage: { prompt: 9, completion: 3, reasoning: 2 } }),
      ),
    });
    expect(completion).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      model: MODEL,
      choices: [
        { index: 0, message: { role: 'assistant', content: 'Hi there.' }, finish_reason: 'stop' },
      ],
      usage: { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 },
    });
  });

  it.each(['xhr', 'fetch-string', 'fetch-stream'])(
    'relays 100 kB of hostile text byte for byte (the page sends its body as %s)',
    async (bodyMode) => {
      await system.simulator.setFaults({ bodyMode });
      expect(Buffer.byteLength(hostile)).toBeGreaterThan(100_000);
      const echo = `echo: ${hostile}`;
      const completion = await system.client.chat.completions.create({
        model: MODEL,
        messages: asUser(echo),
      });
      expect(completion.choices[0]?.message.content).toBe(hostile);
      expect(await streamed(asUser(echo))).toBe(hostile);
    },
  );

  it('streams thinking before the answer, as reasoning_content', async () => {
    const stream = await system.client.chat.completions.create({
      model: MODEL,
      stream: true,
      stream_options: { include_usage: true },
      messages: asUser(
        sim({ thoughts: '**Plan**\n\nThink first.\n\n\n', text: 'Then speak.', chunks: 3 }),
      ),
    });
    const order: string[] = [];
    let reasoning = '';
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      const delta: { content?: string | null; reasoning_content?: string } =
        chunk.choices[0]?.delta ?? {};
      if (delta.reasoning_content) order.push('reasoning');
      if (delta.content) order.push('text');
      reasoning += delta.reasoning_content ?? '';
      text += delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    expect([reasoning, text]).toEqual(['**Plan**\n\nThink first.\n\n\n', 'Then speak.']);
    expect(order.lastIndexOf('reasoning')).toBeLessThan(order.indexOf('text'));
    expect(usage?.total_tokens).toBeGreaterThan(0);
  });

  it('sets on the page what the client asked for', async () => {
    await system.client.chat.completions.create({
      model: 'gemini-3-flash-preview',
      temperature: 0.3,
      top_p: 0.5,
      max_tokens: 1234,
      stop: ['END'],
      messages: [
        { role: 'system', content: 'Answer briefly.' },
        { role: 'user', content: 'echo: ok' },
      ],
    });
    const [request] = await system.simulator.generateContent();
    const [model, contents, , generation, , instruction, tools] = request ?? [];
    expect([model, contents, instruction, tools ?? null]).toEqual([
      'models/gemini-3-flash-preview',
      [[[[null, 'echo: ok']], 'user']],
      [[[null, 'Answer briefly.']], 'user'],
      null, // grounding, on by default in the page, is off
    ]);
    // stop sequences, output length, temperature, top-p (wire-format.md §4.1)
    expect(Array.isArray(generation) && generation.slice(0, 6)).toEqual([
      null,
      ['END'],
      null,
      1234,
      0.3,
      0.5,
    ]);
  });

  it('hands tokens on as they are produced', async () => {
    const messages = asUser(
      sim({ text: 'abcdefghijklmnopqrst'.repeat(5), chunks: 20, delayMs: 100 }),
    );
    const stream = await system.client.chat.completions.create({
      model: MODEL,
      messages,
      stream: true,
    });
    const arrivals: number[] = [];
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) arrivals.push(now());

    const sent = await system.simulator.lastSendTimes();
    const delays = arrivals.map((at, index) => at - (sent[index] ?? 0)).toSorted((a, b) => a - b);
    expect(arrivals).toHaveLength(20);
    expect(delays[10]).toBeLessThan(30 * contention());
  });

  it('presses Stop within a second when the client goes away, and the next answer is clean', async () => {
    const abort = new AbortController();
    const stream = await system.client.chat.completions.create(
      {
        model: MODEL,
        messages: asUser(sim({ text: 'old '.repeat(400), chunks: 400, delayMs: 50 })),
        stream: true,
      },
      { signal: abort.signal },
    );
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) break;
    }
    const left = now();
    abort.abort();
    const ended = await system.simulator.lastEnd();
    expect(ended.endedBy).toBe('client');
    expect(ended.endedAt - left).toBeLessThan(1000 * contention());
    expect(await streamed(asUser('echo: new'))).toBe('new');
  });

  it('turns a quota answer into a 429 at once, and rests that model only', async () => {
    const error = { status: 429, code: 8, message: 'You exceeded your current quota.' };
    const failing = system.client.chat.completions.create({
      model: 'gemini-2.5-pro',
      messages: asUser(sim({ error: { ...error, retryAfterSeconds: 7 } })),
      stream: true,
    });
    const failure = await failing.catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(RateLimitError);
    expect((failure as RateLimitError).code).toBe('rate_limit_exceeded');
    expect(Number((failure as RateLimitError).headers.get('retry-after'))).toBeLessThanOrEqual(7);

    const runs = (await system.simulator.generateContent()).length;
    await expect(
      system.client.chat.completions.create({
        model: 'gemini-2.5-pro',
        messages: asUser('echo: x'),
      }),
    ).rejects.toBeInstanceOf(RateLimitError);
    expect(await system.simulator.generateContent()).toHaveLength(runs);
    expect(await streamed(asUser('echo: still here'))).toBe('still here');
  });

  it('says that an answer was cut off, after what had arrived', async () => {
    const stream = await system.client.chat.completions.create({
      model: MODEL,
      messages: asUser(sim({ text: 'abcdefgh', chunks: 8, dropAfterChunks: 4 })),
      stream: true,
    });
    let text = '';
    const reading = (async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    })();
    await expect(reading).rejects.toBeInstanceOf(APIError);
    expect(text).toBe('abcd');
  });

  it('M-06, W-08: answers the older completions, and a model by a name of its past', async () => {
    const stream = await system.client.completions.create({
      model: 'models/gemini-2.5-flash-preview',
      prompt: 'echo: once upon a time',
      stream: true,
    });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.text ?? '';
    expect(text).toBe('once upon a time');
    const [sent] = await system.simulator.generateContent();
    expect(sent?.[0]).toBe(`models/${MODEL}`);
  });

  it('R-03: fetches no file from this machine', async () => {
    const url = system.stack.controlUrl.replace('http:', 'https:');
    const image = { type: 'image_url' as const, image_url: { url } };
    const asking = system.client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: [image] }],
    });
    await expect(asking).rejects.toMatchObject({
      status: 400,
      param: 'messages[0].content[0].image_url.url',
    });
    expect(await system.simulator.generateContent()).toEqual([]);
  });

  it('W-02: keeps requests apart when several come at once', async () => {
    const words = Array.from({ length: 6 }, (_, index) => `answer number ${index}`);
    const answers = await Promise.all(words.map((word) => streamed(asUser(`echo: ${word}`))));
    expect(answers).toEqual(words);
  });
});

function now(): number {
  return performance.timeOrigin + performance.now();
}
