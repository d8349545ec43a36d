import { createHash } from 'node:crypto';

import { beforeEach, describe, expect, it } from '@jest/globals';
import { type OpenAI } from 'openai';
import { z } from 'zod';

import { sim } from '../support/asking.ts';
import { shareStack } from '../support/shared-stack.ts';

const MODEL = 'gemini-2.5-flash';
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const sha256 = createHash('sha256').update(Buffer.from(PIXEL, 'base64')).digest('hex');

type Message = OpenAI.ChatCompletionMessageParam;
type Body = Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>;

/** What left the page. */
const Asked = z.object({
  text: z.string(),
  systemInstruction: z.string().nullable(),
  contents: z.array(
    z.object({
      parts: z.array(z.looseObject({ driveFile: z.looseObject({ sha256: z.string() }).nullish() })),
    }),
  ),
});

const shared = shareStack();

beforeEach(async () => {
  await shared.simulator.clear();
});

const ask = async (messages: readonly object[], body: Body = {}): Promise<Message> => {
  const { choices } = await shared.client.chat.completions.create({
    model: MODEL,
    messages: messages as Message[],
    ...body,
  });
  const [choice] = choices;
  if (!choice) throw new Error('The answer has no choice.');
  return choice.message;
};

/** The last request that left the page, in words. */
async function asked(): Promise<{ text: string; system: string; files: string[] }> {
  const { text, systemInstruction, contents } = Asked.parse(
    (await shared.simulator.decoded()).at(-1),
  );
  const parts = contents.flatMap((content) => content.parts);
  const files = parts.flatMap(({ driveFile }) => driveFile?.sha256 ?? []);
  return { text, system: systemInstruction ?? '', files };
}

/** The calls and results of a transcript, each with the function that it names. */
function pairs(text: string): string[] {
  const blocks = text.matchAll(/<(call|result)-\w+ tool="([^"]*)" id="([^"]*)">\n([^]*?)\n<\//g);
  return [...blocks].map(([, kind, tool, , body]) => `${kind} ${tool}: ${body}`);
}

const call = (id: string, name: string): object => ({
  id,
  type: 'function',
  function: { name, arguments: `{"of":"${name}"}` },
});
const result = (id: string, content: unknown): object => ({
  role: 'tool',
  tool_call_id: id,
  content,
});
const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } };

describe('a conversation reaches the model as it was meant', () => {
  it.each(['', 'call_0'])(
    'each result with its call, where all calls have the id "%s"',
    async (id) => {
      await ask([
        { role: 'user', content: 'How much is left?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [call(id, 'get_balance'), call(id, 'get_limit')],
        },
        result(id, '100 €'),
        result(id, '500 €'),
        { role: 'assistant', content: null, tool_calls: [call(id, 'get_rate')] },
        result(id, '3 %'),
      ]);
      expect(pairs((await asked()).text)).toEqual([
        'call get_balance: {"of":"get_balance"}',
        'call get_limit: {"of":"get_limit"}',
        'result get_balance: 100 €',
        'result get_limit: 500 €',
        'call get_rate: {"of":"get_rate"}',
        'result get_rate: 3 %',
      ]);
    },
  );

  it('our own image answer as an image, not as text', async () => {
    const media = { mimeType: 'image/png', data: PIXEL };
    const drawing = { role: 'user', content: sim({ text: 'A cat:', media }) };
    const answer = await ask([drawing]);
    expect(answer.content).toContain(PIXEL);
    await ask([drawing, { ...answer }, { role: 'user', content: 'echo: seen' }]);
    const { text, files } = await asked();
    expect(files).toEqual([sha256]);
    expect(text).toContain('A cat:\n\n\n\n[attached file 1: "file-1.png"]');
    expect(text).not.toContain('base64');
  });

  it('images of system messages and of results, named where they stand', async () => {
    await ask([
      { role: 'system', content: [{ type: 'text', text: 'This is our logo:' }, image] },
      { role: 'user', content: 'Look at the screen' },
      { role: 'assistant', content: null, tool_calls: [call('c', 'screenshot')] },
      result('c', [{ type: 'text', text: 'Taken.' }, image]),
      { role: 'user', content: 'echo: seen' },
    ]);
    const { text, system, files } = await asked();
    expect(files).toEqual([sha256, sha256]);
    expect(system).toBe('This is our logo:\n\n[attached file 1: "file-1.png"]');
    expect(pairs(text).at(-1)).toBe('result screenshot: Taken.\n\n[attached file 2: "file-2.png"]');
  });

  it('an answer at the end is continued, without being repeated', async () => {
    const begun = 'Once upon a time there was a king who';
    const question = { role: 'user', content: 'A story, please' };
    await shared.simulator.script('A story', { text: `${begun} ruled.`, chunks: 7 });
    const answer = await ask([question, { role: 'assistant', content: begun }]);
    expect(answer.content).toBe(' ruled.');
    expect((await asked()).text).toContain('Go on exactly where it stops');
  });
});

describe('parameters', () => {
  it('the page takes five stop sequences, and the answer ends at any of more', async () => {
    const stop = ['q1', 'q2', 'q3', 'q4', 'q5', 'END', 'two\nlines'];
    const message = await ask([{ role: 'user', content: 'echo: a END b' }], { stop });
    expect(message.content).toBe('a ');
    const [{ stopSequences }] = await shared.simulator.decoded();
    expect(stopSequences).toEqual(stop.slice(0, 5));
  });

  it('thinking is set as Google’s own endpoint is told of it', async () => {
    const extra_body = { google: { thinking_config: { thinking_budget: 2048 } } };
    await ask([{ role: 'user', content: 'echo: ok' }], { extra_body } as Body);
    const [{ thinking }] = await shared.simulator.decoded();
    expect(thinking).toMatchObject({ budget: 2048 });
  });
});

describe('functions', () => {
  const parameters = { type: 'object', properties: { q: { type: 'string' } } };

  it('R-08: declared in the older form are called in it', async () => {
    const prompt = sim({ toolCalls: [{ name: 'look', args: { q: 'x' } }] });
    const functions = [{ name: 'look', parameters }];
    const message = await ask([{ role: 'user', content: prompt }], { functions });
    expect(message).toMatchObject({ function_call: { name: 'look' } });
    expect(message).not.toHaveProperty('tool_calls');
    await ask(
      [
        { role: 'user', content: prompt },
        { ...message },
        { role: 'function', name: 'look', content: 'seen' },
        { role: 'user', content: 'echo: ok' },
      ],
      { functions },
    );
    expect(pairs((await asked()).text)).toEqual(['call look: {"q":"x"}', 'result look: seen']);
  });

  it('called google_search with parameters are the client’s own', async () => {
    const prompt = sim({ toolCalls: [{ name: 'google_search', args: { q: 'x' } }] });
    const own = { type: 'function' as const, function: { name: 'google_search', parameters } };
    const message = await ask([{ role: 'user', content: prompt }], { tools: [own] });
    expect(message).toMatchObject({ tool_calls: [{ function: { name: 'google_search' } }] });
  });
});
