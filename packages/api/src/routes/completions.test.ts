import { describe, expect, it } from '@jest/globals';
import { OpenAI } from 'openai';

import { startServer } from '../testing/test-server.ts';

const model = 'gemini-2.5-flash';

const connect = (url: string): OpenAI =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 });

describe('M-06: the older completions', () => {
  it('M-06: answers in one piece, with the prompt as the only message', async () => {
    await using server = await startServer();
    const completion = await connect(server.url).completions.create({
      model,
      prompt: ['Once'],
      max_tokens: 50,
      echo: false,
      best_of: 1,
    });
    expect(completion).toMatchObject({
      id: server.asked[0]?.id,
      object: 'text_completion',
      model,
      choices: [{ index: 0, text: 'Hello world', logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 6, total_tokens: 9 },
    });
    expect(server.asked[0]?.plan).toMatchObject({
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'Once' }] }],
      settings: { maxOutputTokens: 50 },
    });
  });

  it('M-06: streams text_completion chunks that say the same, with usage when asked for', async () => {
    await using server = await startServer();
    const stream = await connect(server.url).completions.create({
      model,
      prompt: 'Once',
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.Completion[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.every(({ object }) => object === 'text_completion')).toBe(true);
    expect(new Set(chunks.map(({ id }) => id))).toEqual(new Set([server.asked[0]?.id]));
    const choices = chunks.flatMap((chunk) => chunk.choices);
    expect(choices.map(({ text }) => text).join('')).toBe('Hello world');
    expect(choices.map(({ finish_reason: reason }) => reason)).toEqual([null, null, 'stop']);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 9 } });
  });

  it('M-06: with a suffix, asks to fill the gap', async () => {
    await using server = await startServer();
    const prompt = 'function add(';
    await connect(server.url).completions.create({ model, prompt, suffix: ') {' });
    const turns = server.asked[0]?.plan.turns;
    expect(turns?.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(turns?.[1]?.parts).toEqual([
      { type: 'text', text: '<before>function add(</before>\n<after>) {</after>' },
    ]);
  });

  it.each([
    [{ prompt: '' }, 'prompt'],
    [{ prompt: ['a', 'b'] }, 'prompt'],
    [{ prompt: [1, 2] }, 'prompt'],
    [{}, 'prompt'],
    [{ prompt: 'a', echo: true }, 'echo'],
    [{ prompt: 'a', best_of: 2 }, 'best_of'],
    [{ prompt: 'a', n: 2 }, 'n'],
    [{ prompt: 'a', temperature: 3 }, 'temperature'],
  ])('M-06: %j is refused naming %s', async (fields, param) => {
    await using server = await startServer();
    const response = await fetch(`${server.url}/completions`, {
      method: 'POST',
      body: JSON.stringify({ model, ...fields }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
    expect(server.asked).toEqual([]);
  });
});
