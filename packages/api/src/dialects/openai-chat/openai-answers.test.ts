import { type JobEvent, StudioError, toErrorRecord } from '@aistudio/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenAI } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';

import { chatBody, hello, postChat, startServer } from '../../testing/test-server.ts';

/** Each line of the notes that says what an answer is like, by its tag; a server answers with `events`. */
let events: readonly JobEvent[];
let server: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  server = await startServer(
    async function* () {
      for (const event of events) {
        if (event.type === 'tier_changed') await new Promise((resolve) => setTimeout(resolve, 60));
        yield event;
      }
    },
    { keepAlive: { everyMs: 20, style: 'comment', jsonAfterMs: 0 } },
  );
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  events = hello;
});

const text = (piece: string): JobEvent => ({ type: 'text', text: piece });
const finish: JobEvent = { type: 'finish', reason: 'stop' };
/** Nothing happens for a while. */
const silence: JobEvent = {
  type: 'tier_changed',
  from: 'helper',
  to: 'dom',
  takeover: 'restart',
  reason: 'slow',
};
const calls: readonly JobEvent[] = [
  { type: 'tool_call', index: 0, id: 'call_a', name: 'weather', arguments: '{"city":"Oslo"}' },
  { type: 'tool_call', index: 1, id: 'call_b', name: 'weather', arguments: '' },
  finish,
];
const failure: JobEvent = {
  type: 'error',
  error: toErrorRecord(new StudioError('upstream_error', 'The page failed.')),
};

/** The parts of an answer that these tests look at. */
interface Delta {
  readonly role?: string;
  readonly content?: string | null;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly {
    readonly index?: number;
    readonly id: string;
    readonly type: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
}
interface Answer {
  readonly id: string;
  readonly object: string;
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string | null;
  readonly choices: readonly {
    readonly message: Delta & { readonly refusal: string | null };
    readonly delta: Delta;
    readonly logprobs: null;
    readonly finish_reason: string | null;
  }[];
  readonly usage?: { readonly total_tokens: number } | null;
}

const whole = async (): Promise<Answer> =>
  (await (await postChat(server.url, chatBody())).json()) as Answer;
const frames = async (fields: object = {}): Promise<string[]> => {
  const response = await postChat(server.url, chatBody({ stream: true, ...fields }));
  return (await response.text()).split(/(?<=\n\n)/);
};
const chunks = async (fields: object = {}): Promise<Answer[]> =>
  (await frames(fields))
    .filter((frame) => frame.startsWith('data: {'))
    .map((frame) => JSON.parse(frame.slice('data: '.length)) as Answer);
const choices = async (): Promise<Answer['choices']> =>
  (await chunks()).flatMap((chunk) => chunk.choices);
const withUsage = { stream_options: { include_usage: true } };

describe('an answer in one piece', () => {
  it('N-01: is application/json', async () => {
    const { headers } = await postChat(server.url, chatBody());
    expect(headers.get('content-type')).toMatch(/^application\/json\b/);
  });

  it('N-02: has id, object, created in seconds, model, choices and usage', async () => {
    const answer = await whole();
    expect(answer.id).toMatch(/^chatcmpl-/);
    expect([answer.object, answer.model]).toEqual(['chat.completion', 'gemini-2.5-flash']);
    expect(Math.abs(answer.created - Date.now() / 1000)).toBeLessThan(10);
    expect(Number.isInteger(answer.created)).toBe(true);
    expect(answer.choices).toHaveLength(1);
    expect(answer.usage?.total_tokens).toBeGreaterThan(0);
  });

  it('N-03: has a choice and a message with all required fields', async () => {
    const [choice] = (await whole()).choices;
    expect(Object.keys(choice!).toSorted()).toEqual([
      'finish_reason',
      'index',
      'logprobs',
      'message',
    ]);
    expect(choice?.message).toEqual({ role: 'assistant', content: 'Hello world', refusal: null });
  });

  it('N-08: has a system_fingerprint, which is null, and no service_tier', async () => {
    const answer = await whole();
    expect(answer.system_fingerprint).toBeNull();
    expect(answer).not.toHaveProperty('service_tier');
  });
});

describe('a stream’s frames', () => {
  it('S-01: come as text/event-stream, not cached, buffered or compressed', async () => {
    const { headers } = await postChat(server.url, chatBody({ stream: true }), {
      'accept-encoding': 'gzip, br',
    });
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(headers.get('content-encoding')).toBeNull();
  });

  it('S-02: are one line of JSON each, whatever line ends the text has', async () => {
    events = [text('a\r\nb\nc\u2028d\re'), finish];
    for (const frame of await frames()) expect(frame).toMatch(/^data: [^\r\n]+\n\n$/);
    expect((await choices())[1]?.delta.content).toBe('a\r\nb\nc\u2028d\re');
  });

  it('S-03, S-04: end with [DONE] and its blank line, except after an error', async () => {
    expect((await frames()).at(-1)).toBe('data: [DONE]\n\n');
    events = [text('half'), failure];
    const failed = await frames();
    expect(failed.at(-1)).toMatch(/^data: \{"error":\{.*\}\}\n\n$/);
    expect(failed.join('')).not.toContain('[DONE]');
  });

  it('S-20, S-22, S-23: are whole events and whole comments, never id:, retry: or event:', async () => {
    events = [silence, text('a'), silence, text('b'), finish];
    const all = await frames();
    expect(all[0]).toBe(': keep-alive\n\n');
    expect(all.filter((frame) => frame.startsWith(':')).length).toBeGreaterThanOrEqual(3);
    for (const frame of all) expect(frame).toMatch(/^(: [^\n]+|data: [^\n]+)\n\n$/);
  });
});

describe('a stream’s chunks', () => {
  it('S-05: have the same id, created and model', async () => {
    const all = (await chunks(withUsage)).map(({ id, created, model, object }) =>
      JSON.stringify({ id, created, model, object }),
    );
    expect(new Set(all).size).toBe(1);
    expect(all[0]).toContain('"object":"chat.completion.chunk"');
  });

  it('S-06: say the role first and once, with empty content', async () => {
    const deltas = (await choices()).map(({ delta }) => delta);
    expect(deltas[0]).toEqual({ role: 'assistant', content: '' });
    expect(deltas.filter(({ role }) => role !== undefined)).toHaveLength(1);
  });

  it('S-07: carry a piece each, without a finish_reason', async () => {
    const [, first, second] = await choices();
    expect(first).toEqual({
      index: 0,
      delta: { content: 'Hello' },
      logprobs: null,
      finish_reason: null,
    });
    expect(second?.delta).toEqual({ content: ' world' });
  });

  it('S-08, S-09: finish with an empty delta that is there', async () => {
    const last = (await choices()).at(-1);
    expect([last?.delta, last?.finish_reason]).toEqual([{}, 'stop']);
  });

  it('S-10, S-11: carry usage last and with no choice when asked for, otherwise nowhere', async () => {
    const asked = await chunks(withUsage);
    expect(asked.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 9 } });
    expect(asked.slice(0, -1).map(({ usage }) => usage)).toEqual(
      asked.slice(0, -1).map(() => null),
    );
    const unasked = await chunks();
    expect(unasked.every((chunk) => !('usage' in chunk) && chunk.choices.length === 1)).toBe(true);
  });

  it('S-14: carry thinking as reasoning_content, and not as reasoning', async () => {
    events = [{ type: 'reasoning', text: 'Hm.' }, finish];
    expect((await choices())[1]?.delta).toEqual({ reasoning_content: 'Hm.' });
  });

  it('S-15: say length as length: the package’s parser then raises, as it should', async () => {
    events = [text('{"a":'), { type: 'finish', reason: 'length' }];
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any' });
    const parsing = client.chat.completions.parse({
      model: 'gemini-2.5-flash',
      messages: [{ role: 'user', content: 'Hi' }],
      response_format: zodResponseFormat(z.object({ a: z.number() }), 'a'),
    });
    await expect(parsing).rejects.toThrow('length limit was reached');
  });
});

describe('a stream’s tool calls', () => {
  const deltas = async (): Promise<NonNullable<Delta['tool_calls']>> => {
    events = calls;
    return (await choices()).flatMap(({ delta }) => delta.tool_calls ?? []);
  };

  it('T-01, T-04: come whole: id, type, name and arguments in one delta', async () => {
    expect((await deltas())[0]).toEqual({
      index: 0,
      id: 'call_a',
      type: 'function',
      function: { name: 'weather', arguments: '{"city":"Oslo"}' },
    });
  });

  it('T-02: have an index from 0, one per call', async () => {
    expect((await deltas()).map(({ index }) => index)).toEqual([0, 1]);
  });

  it('T-03: say id, type and name once, so that who adds pieces up gets them right', async () => {
    expect((await deltas()).map(({ id }) => id)).toEqual(['call_a', 'call_b']);
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any' });
    const { choices: added } = await client.chat.completions
      .stream({ model: 'gemini-2.5-flash', messages: [{ role: 'user', content: 'Hi' }] })
      .finalChatCompletion();
    expect(added[0]?.message.tool_calls).toMatchObject([
      { id: 'call_a', type: 'function', function: { name: 'weather' } },
      { id: 'call_b', type: 'function', function: { name: 'weather' } },
    ]);
  });

  it('T-05: finish with tool_calls, though the page said stop', async () => {
    events = calls;
    expect((await choices()).at(-1)?.finish_reason).toBe('tool_calls');
  });

  it('T-06: have JSON text for arguments, {} where there are none', async () => {
    expect((await deltas()).map((call) => call.function.arguments)).toEqual([
      '{"city":"Oslo"}',
      '{}',
    ]);
  });

  it('T-07: have the ids that the answer in one piece has', async () => {
    events = calls;
    const ids = (await whole()).choices[0]?.message.tool_calls?.map(({ id }) => id);
    expect((await deltas()).map(({ id }) => id)).toEqual(ids);
  });
});
