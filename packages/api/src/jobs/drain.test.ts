import { once } from 'node:events';

import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { chatBody, hello, postChat, startServer } from '../testing/test-server.ts';
import { createDrain, shuttingDown } from './drain.ts';
import { type JobRequest } from './submit-job.ts';

const MINUTE_MS = 60_000;

/** A server whose answers begin, and end when they are let go, or cut off at the drain's end. */
async function start() {
  const drain = createDrain(silentLog);
  const goOn = new AbortController();
  const server = await startServer(
    async function* ({ signal }: JobRequest) {
      const [started, first, ...rest] = hello;
      yield* [started, first].filter((event) => event !== undefined);
      const ends = AbortSignal.any([goOn.signal, drain.over, signal]);
      if (!ends.aborted) await once(ends, 'abort');
      drain.over.throwIfAborted();
      yield* rest;
    },
    { drain },
  );
  return { drain, server, goOn };
}

/** Asks for a streamed answer, and waits until it has begun. */
async function beginStream(url: string): Promise<{ readonly rest: Promise<string> }> {
  const response = await postChat(url, chatBody({ stream: true }));
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader?.read())?.value ?? '';
  const read = async (): Promise<string> => {
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done) return text;
      text += piece.value;
    }
  };
  return { rest: read() };
}

describe('a server that is told to stop', () => {
  it('refuses what is asked of it, closes its connections, and lets begun answers end', async () => {
    const { drain, server, goOn } = await start();
    const { rest } = await beginStream(server.url);
    let hasEnded = false;
    const run = drain.run(MINUTE_MS).then(() => (hasEnded = true));

    const refused = await postChat(server.url, chatBody());
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(refused.headers.get('connection')).toBe('close');
    expect(await refused.json()).toMatchObject({ error: { code: 'not_ready' } });
    expect((await fetch(`${server.url}/health/live`)).headers.get('connection')).toBe('close');
    expect(hasEnded).toBe(false);

    goOn.abort();
    expect(await rest).toMatch(/world.*data: \[DONE\]/s);
    await run;
    await server[Symbol.asyncDispose]();
  });

  it('tells a stream that takes longer than it may that it is cut off', async () => {
    const { drain, server } = await start();
    const { rest } = await beginStream(server.url);
    await drain.run(0);
    const [last = ''] = (await rest).trim().split('\n\n').slice(-1);
    expect(JSON.parse(last.replace('data: ', ''))).toMatchObject({
      error: { code: 'not_ready', message: shuttingDown().message },
    });
    await server[Symbol.asyncDispose]();
  });
});
