import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

import { z } from 'zod';

import { type Step } from './core-set.ts';

/** A tiny OpenAI server that streams what it is told. */
export interface StandInHelper extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/v1` */
  readonly url: string;
  /** The k-th request from now on gets step k. */
  prepare(steps: readonly Step[]): void;
}

/** Starts one on a free port. */
export async function startStandInHelper(): Promise<StandInHelper> {
  let steps: Step[] = [];
  const server = createServer((request, response) => {
    void json(request).then(() => {
      const step = steps.shift();
      if (!step) return response.writeHead(500).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const chunk of toChunks(step)) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      return response.end('data: [DONE]\n\n');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}/v1`,
    prepare(wanted) {
      steps = [...wanted];
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

const toChunk = (delta: object, reason: string | null = null): object => ({
  choices: [{ index: 0, delta, finish_reason: reason }],
});

function* toChunks({ thoughts, text, toolCalls, usage }: Step): Generator<object> {
  if (thoughts) yield toChunk({ reasoning_content: thoughts });
  for (const piece of text?.match(/[^]{1,9}/gu) ?? []) yield toChunk({ content: piece });
  for (const [index, { name, args }] of (toolCalls ?? []).entries()) {
    const call = { name, arguments: JSON.stringify(args) };
    const id = `call_${crypto.randomUUID()}`;
    yield toChunk({ tool_calls: [{ index, id, type: 'function', function: call }] });
  }
  yield toChunk({}, toolCalls ? 'tool_calls' : 'stop');
  if (!usage) return;
  const { prompt, completion, reasoning } = usage;
  yield {
    choices: [],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: completion + reasoning,
      total_tokens: prompt + completion + reasoning,
      completion_tokens_details: { reasoning_tokens: reasoning },
    },
  };
}
