import { setTimeout as delay } from 'node:timers/promises';

import { z } from 'zod';

import { ask, type Outcome, sim } from './asking.ts';
import { type MortalStack, until, untilHealthy } from './mortal-stack.ts';
import { gate } from './stand-in-driver.ts';

/** What is told to stop one by one, as `docker compose stop` does. */
const drained = ['api', 'browser-driver', 'stream-proxy'] as const;
type Drained = (typeof drained)[number];

/** Every order of ending them. */
export const orders: readonly (readonly Drained[])[] = drained.flatMap((first) =>
  drained
    .filter((second) => second !== first)
    .map((second) => {
      const rest = drained.filter((name) => name !== first && name !== second);
      return [first, second, ...rest];
    }),
);

/** What became of a stream during which everything was told to stop, and of what was asked meanwhile. */
export interface Drain {
  readonly expected: string;
  readonly stream: Outcome;
  readonly waiting: Outcome;
  readonly late: Outcome;
}

/**
 * Has an answer of `chunks` pieces streamed, one each `delayMs`, while a second request waits; tells the
 * processes to stop in this order, with `apartMs` in between, as soon as the stream has begun; and asks
 * once more when the API has been told. Resolves when all is over and the system is well again.
 */
export async function drainWhileStreaming(
  system: MortalStack,
  order: readonly Drained[],
  { chunks, delayMs, apartMs }: { chunks: number; delayMs: number; apartMs: number },
): Promise<Drain> {
  const { stack } = system;
  await untilHealthy(stack);
  const pids = drained.map((name) => stack.pidOf(name));
  const expected = Array.from({ length: chunks }, (_, index) => `piece ${index} `).join('');
  const begun = gate();
  const streaming = ask(stack.baseUrl, sim({ text: expected, chunks, delayMs }), {
    onPiece: () => begun.open(),
  });
  await begun.passed;
  const waiting = ask(stack.baseUrl, 'echo: waited');
  await until(async () => (await queued(stack.baseUrl)) === 2);
  let late: Promise<Outcome> | undefined;
  for (const name of order) {
    await system.kill(name, 'SIGTERM');
    if (name === 'api') late = askOnceStopping(stack.baseUrl);
    await delay(apartMs); // so that the order counts
  }
  const outcomes = {
    expected,
    stream: await streaming,
    waiting: await waiting,
    late: await (late ?? streaming),
  };
  await until(async () =>
    drained.every((name, index) => ![undefined, pids[index]].includes(stack.pidOf(name))),
  );
  await untilHealthy(stack);
  return outcomes;
}

/** Asks for an answer as soon as the API says that it stops. */
async function askOnceStopping(baseUrl: string): Promise<Outcome> {
  await until(async () => (await fetch(new URL('/health', baseUrl))).status === 503);
  return ask(baseUrl, 'echo: late');
}

const QueueList = z.object({ data: z.array(z.unknown()) });

async function queued(baseUrl: string): Promise<number> {
  const response = await fetch(`${baseUrl}/queue`);
  return QueueList.parse(await response.json()).data.length;
}
