import { type JobEvent } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';
import { APIError, AuthenticationError, BadRequestError, NotFoundError, OpenAI } from 'openai';

import { hello, startServer, until } from '../../testing/test-server.ts';

const connect = (url: string, options: object = {}): OpenAI =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', ...options });

const question = {
  model: 'gemini-2.5-flash',
  messages: [{ role: 'user' as const, content: 'Hi' }],
};

const callEvents: readonly JobEvent[] = [
  { type: 'reasoning', text: 'They want ' },
  { type: 'reasoning', text: 'the weather.' },
  { type: 'tool_call', index: 0, id: 'call_a', name: 'weather', arguments: '{"city":"Oslo"}' },
  { type: 'tool_call', index: 1, id: 'call_b', name: 'time', arguments: '{}' },
  { type: 'finish', reason: 'stop' },
];

describe('the openai package', () => {
  it('M-01: lists models and finds one', async () => {
    await using server = await startServer();
    const client = connect(server.url);
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids).toContain('gemini-3-pro-preview');
    expect((await client.models.retrieve('models/gemini-2.0-flash')).id).toBe('gemini-2.0-flash');
  });

  it('E-06: reads an answer in one piece, with usage and its request id', async () => {
    await using server = await startServer();
    const completion = await connect(server.url).chat.completions.create(question);
    expect(completion.choices[0]?.message).toEqual({
      role: 'assistant',
      content: 'Hello world',
      refusal: null,
    });
    expect(completion.usage).toMatchObject({ completion_tokens: 6, total_tokens: 9 });
    expect(completion.id).toMatch(/^chatcmpl-/);
    expect(completion).toMatchObject({ _request_id: completion.id });
  });

  it('reads a stream piece by piece and by its helper', async () => {
    await using server = await startServer();
    const client = connect(server.url);
    const pieces: string[] = [];
    for await (const chunk of await client.chat.completions.create({ ...question, stream: true })) {
      pieces.push(chunk.choices[0]?.delta.content ?? '');
    }
    expect(pieces).toEqual(['', 'Hello', ' world', '']);

    const stream = client.chat.completions.stream({
      ...question,
      stream_options: { include_usage: true },
    });
    expect(await stream.finalContent()).toBe('Hello world');
    expect((await stream.totalUsage()).total_tokens).toBe(9);
  });

  it('T-01 … T-06: collects tool calls, streamed and not alike', async () => {
    await using server = await startServer(callEvents);
    const client = connect(server.url);
    const whole = await client.chat.completions.create(question);
    const streamed = await client.chat.completions.stream(question).finalChatCompletion();

    for (const { choices } of [whole, streamed]) {
      expect(choices[0]?.finish_reason).toBe('tool_calls');
      expect(choices[0]?.message).toMatchObject({ reasoning_content: expect.anything() });
      expect(choices[0]?.message.tool_calls).toMatchObject([
        {
          id: 'call_a',
          type: 'function',
          function: { name: 'weather', arguments: '{"city":"Oslo"}' },
        },
        { id: 'call_b', type: 'function', function: { name: 'time', arguments: '{}' } },
      ]);
    }
    expect(whole.choices[0]?.message).toMatchObject({
      content: null,
      reasoning_content: 'They want the weather.',
    });
  });

  it('T-08: keeps a call’s thought signature, streamed and not, and may send it back', async () => {
    await using server = await startServer([
      { type: 'tool_call', index: 0, id: 'call_a', name: 'f', arguments: '{}', signature: 'c2ln' },
      { type: 'tool_call', index: 1, id: 'call_b', name: 'g', arguments: '{}' },
      { type: 'finish', reason: 'tool_calls' },
    ]);
    const client = connect(server.url);
    const whole = await client.chat.completions.create(question);
    const streamed = await client.chat.completions.stream(question).finalChatCompletion();
    const extra = { google: { thought_signature: 'c2ln' } };
    for (const { choices } of [whole, streamed]) {
      const message = choices[0]!.message;
      expect(message.tool_calls?.[0]).toMatchObject({ id: 'call_a', extra_content: extra });
      expect(message.tool_calls?.[1]).not.toHaveProperty('extra_content');
      const result = { role: 'tool' as const, tool_call_id: 'call_a', content: '1' };
      await client.chat.completions.create({
        ...question,
        messages: [...question.messages, message, result],
      });
      const [, called] = server.asked.at(-1)!.plan.turns;
      expect(called?.parts.map(({ type }) => type)).toEqual(['tool_call', 'tool_call']);
    }
  });

  it('E-02: raises its own error classes', async () => {
    await using server = await startServer(hello, { apiKeys: ['right'] });
    const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
      Promise.resolve(work).then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(await failure(connect(server.url).models.list())).toBeInstanceOf(AuthenticationError);
    const client = connect(server.url, { apiKey: 'right' });
    const unknown = await failure(client.chat.completions.create({ ...question, model: 'gpt-4o' }));
    expect(unknown).toBeInstanceOf(NotFoundError);
    expect(unknown).toMatchObject({ code: 'model_not_found', requestID: expect.any(String) });
    const invalid = await failure(client.chat.completions.create({ ...question, n: 2 }));
    expect(invalid).toBeInstanceOf(BadRequestError);
    expect(invalid).toMatchObject({ code: 'unsupported_parameter', param: 'n' });
  });

  it('E-10: keeps the partial text when a stream fails midway', async () => {
    await using server = await startServer([
      { type: 'text', text: 'half' },
      {
        type: 'error',
        error: {
          status: 502,
          type: 'server_error',
          code: 'worker_lost',
          param: null,
          message: 'Lost.',
        },
      },
    ]);
    let seen = '';
    const reading = (async () => {
      const stream = await connect(server.url).chat.completions.create({
        ...question,
        stream: true,
      });
      for await (const chunk of stream) seen += chunk.choices[0]?.delta.content ?? '';
    })();
    await expect(reading).rejects.toThrow(APIError);
    expect(seen).toBe('half');
  });

  it('X-01: retries a 429 by itself', async () => {
    let attempts = 0;
    await using server = await startServer(async function* () {
      attempts += 1;
      if (attempts === 1) {
        const error = { status: 429, type: 'rate_limit_error', code: 'queue_full', param: null };
        yield { type: 'error', error: { ...error, message: 'Full.', retryAfterSeconds: 0 } };
      }
      yield* hello;
    });
    const completion = await connect(server.url).chat.completions.create(question);
    expect(completion.choices[0]?.message.content).toBe('Hello world');
    expect(attempts).toBe(2);
  });

  it('X-06: leaving a stream cancels the job', async () => {
    let isCancelled = false;
    await using server = await startServer(async function* ({ signal }) {
      signal.addEventListener('abort', () => (isCancelled = true));
      for (;;) {
        yield { type: 'text', text: 'more ' };
        await new Promise(setImmediate);
        signal.throwIfAborted();
      }
    });
    const stream = await connect(server.url).chat.completions.create({ ...question, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await until(() => isCancelled);
    expect(isCancelled).toBe(true);
  });
});
