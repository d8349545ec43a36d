import { type JobEvent, StudioError, toErrorRecord } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { chatBody, hello, postChat, startServer, until } from '../../testing/test-server.ts';
import { createBackgroundGate } from './background-gate.ts';
import { BackgroundPrompts } from './background-prompts.ts';
import { RecentPrompts } from './recent-prompts.ts';

const signal = new AbortController().signal;
const LONG_MS = 60_000;

describe('the gate', () => {
  it('holds a background prompt back until a real one has entered the queue', async () => {
    const gate = createBackgroundGate(LONG_MS);
    let hasPassed = false;
    const passing = gate.pass(signal).then(() => (hasPassed = true));
    using real = gate.begin();
    await new Promise(setImmediate);
    expect(hasPassed).toBe(false);
    real.entered();
    await passing;
  });

  it('lets it through at once behind real ones that are there, and after its time', async () => {
    const gate = createBackgroundGate(LONG_MS);
    const real = gate.begin();
    real.entered();
    await gate.pass(signal);
    real[Symbol.dispose]();
    real[Symbol.dispose]();
    const client = new AbortController();
    const held = gate.pass(client.signal);
    client.abort(new Error('gone'));
    await expect(held).rejects.toThrow('gone');
    await createBackgroundGate(1).pass(signal);
    await createBackgroundGate(0).pass(signal);
  });
});

describe('recent prompts', () => {
  it('are those of the last two minutes, of each key by itself, and long enough to be recognised', () => {
    let now = 0;
    const recent = new RecentPrompts(() => now);
    const say = (key: string, text: string): void =>
      recent.note(key, [{ role: 'user', parts: [{ type: 'text', text }] }]);
    say('a', 'x'.repeat(500));
    say('a', 'x'.repeat(2001));
    say('a', 'hi');
    say('b', 'y'.repeat(30));
    expect(recent.of('a')).toEqual(['x'.repeat(500)]);
    now = 60_000;
    for (let index = 0; index < 20; index++) say('b', `${'z'.repeat(30)}${index}`);
    expect(recent.of('b')).toHaveLength(4);
    now = 121_000;
    expect(recent.of('a')).toEqual([]);
  });
});

describe('a server', () => {
  const egg = 'How do I boil an egg so that its yolk stays soft?';
  const real = chatBody({ messages: [{ role: 'user', content: egg }] });
  const title = chatBody({
    messages: [{ role: 'user', content: `### Task:\nGenerate a title for the chat:\n${egg}` }],
  });

  it('asks the person’s prompt first, although the title was asked for before it', async () => {
    const background = new BackgroundPrompts({ delayMs: LONG_MS, phrases: [] });
    const hold = background.hold.bind(background);
    let isHeld = false;
    background.hold = (...given) => {
      isHeld = true;
      return hold(...given);
    };
    await using server = await startServer(hello, { background });
    const first = postChat(server.url, title);
    await until(() => isHeld);
    const second = await postChat(server.url, real);
    expect([second.status, (await first).status]).toEqual([200, 200]);
    expect(server.asked.map(({ isBackground }) => isBackground)).toEqual([false, true]);
  });

  it('knows a title in other words by the prompt that it quotes', async () => {
    await using server = await startServer();
    const content = `${egg}\n\nA headline for that. Respond only with it.`;
    const reworded = chatBody({ messages: [{ role: 'user', content }] });
    for (const body of [reworded, real, reworded]) await postChat(server.url, body);
    expect(server.asked.map(({ isBackground }) => isBackground)).toEqual([false, false, true]);
  });

  it.each([true, false])(
    'says in the message, too, when a quota is there again: %s',
    async (stream) => {
      const quota = new StudioError('rate_limit_exceeded', 'You exceeded your current quota.', {
        retryAfterSeconds: 36.2,
      });
      const events: JobEvent[] = [{ type: 'error', error: toErrorRecord(quota) }];
      await using server = await startServer(events);
      const response = await postChat(server.url, chatBody({ stream }));
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '37']);
      expect(await response.json()).toMatchObject({
        error: { message: 'You exceeded your current quota. Try again in 37 s.' },
      });
    },
  );
});
