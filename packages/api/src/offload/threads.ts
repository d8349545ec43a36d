import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { ErrorRecord, RecordedError } from '@aistudio/core';
import { z } from 'zod';

import { type TaskName, type Tasks } from './tasks.ts';

/** Threads at once; further tasks wait. */
const MAX_THREADS = 2;
/** How long a thread is kept for the next task: large requests come in rows. ms */
const IDLE_MS = 10_000;

const Reply = z.union([z.object({ error: ErrorRecord }), z.object({ result: z.unknown() })]);

/** Sources are run as they are: by the tests, and while somebody works on them. */
const isSource = import.meta.url.endsWith('.ts');
const MAIN = new URL(isSource ? './thread-main.ts' : './thread-main.js', import.meta.url);
const RUN_SOURCE = `import('tsx/esm/api').then(({ register }) => {
  register();
  return import(${JSON.stringify(MAIN.href)});
})`;

const idle: { readonly worker: Worker; readonly end: NodeJS.Timeout }[] = [];
const places = { free: MAX_THREADS, waiting: new Set<() => void>() };

/**
 * Runs a task in another thread. `transfer` is moved there, and is gone here. Throws a RecordedError
 * when the task throws.
 */
export async function runInThread<N extends TaskName>(
  task: N,
  input: Parameters<Tasks[N]>[0],
  transfer: readonly ArrayBuffer[] = [],
): Promise<ReturnType<Tasks[N]>> {
  await takePlace();
  try {
    const worker = takeIdle() ?? start();
    worker.ref();
    worker.postMessage({ task, input }, [...transfer]);
    const reply = Reply.parse((await once(worker, 'message'))[0]); // rejects when the thread fails
    putBack(worker);
    if ('error' in reply) throw new RecordedError(reply.error);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the thread ran the task of this name
    return reply.result as ReturnType<Tasks[N]>;
  } finally {
    givePlaceBack();
  }
}

async function takePlace(): Promise<void> {
  if (places.free > 0) places.free -= 1;
  else await new Promise<void>((resolve) => places.waiting.add(resolve));
}

/** Hands it to whoever waits longest. */
function givePlaceBack(): void {
  const [next] = places.waiting;
  if (!next) places.free += 1;
  else {
    places.waiting.delete(next);
    next();
  }
}

function start(): Worker {
  const worker = isSource
    ? new Worker(RUN_SOURCE, { eval: true, execArgv: ['--conditions=source'] })
    : new Worker(MAIN);
  worker.on('error', () => undefined); // the task that it was at has been told
  return worker;
}

function takeIdle(): Worker | undefined {
  const last = idle.pop();
  clearTimeout(last?.end);
  return last?.worker;
}

function putBack(worker: Worker): void {
  worker.unref(); // it shall not keep the process alive
  const end = setTimeout(() => {
    idle.splice(idle.indexOf(entry), 1);
    void worker.terminate();
  }, IDLE_MS).unref();
  const entry = { worker, end };
  idle.push(entry);
}
