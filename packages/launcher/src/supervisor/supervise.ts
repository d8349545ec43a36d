import { setTimeout as delay } from 'node:timers/promises';

import { type Log } from '@aistudio/core';

import { type ChildOptions, type Program, type RunningChild, startChild } from './child.ts';

/** A child that stayed up this long, ms, starts again at once. */
const STEADY_MS = 10_000;
/** Pause before the second start again in a row, doubled for each further one, ms. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/** How a program is kept running. */
export interface SuperviseOptions extends ChildOptions {
  readonly log: Log;
}

/** A program that is kept running. Disposing stops it. */
export interface Supervised<Ready> extends AsyncDisposable {
  /** What the child said that runs now. */
  readonly ready: Ready;
  /** The process id of the child that runs now. */
  readonly pid: number;
}

/**
 * Starts a program, and starts it again whenever it ends: at once after a steady life, with growing
 * pauses when it keeps ending. Throws when the first start fails.
 */
export async function supervise<Ready>(
  program: Program<Ready>,
  options: SuperviseOptions,
): Promise<Supervised<Ready>> {
  const { log } = options;
  const { name } = program;
  let child = await startChild(program, options);
  const stopping = new AbortController();
  const watching = keepRunning();

  async function keepRunning(): Promise<void> {
    let endings = 0;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      const how = await child.ended;
      if (stopping.signal.aborted) return;
      log.warn('a process ended and is started again', { name, how });
      if (performance.now() - startedAt > STEADY_MS) endings = 0;
      child = (await startAgain(endings)) ?? child;
      endings += 1;
    }
    await child[Symbol.asyncDispose](); // it came up while we were told to stop
  }

  async function startAgain(endings: number): Promise<RunningChild<Ready> | undefined> {
    const { signal } = stopping;
    for (let attempt = endings; !signal.aborted; attempt += 1) {
      try {
        await delay(pauseMs(attempt), undefined, { signal });
        return await startChild(program, { ...options, signal });
      } catch (error) {
        if (!signal.aborted) log.error('a process does not start', { name, error });
      }
    }
    return undefined;
  }

  return {
    get ready() {
      return child.ready;
    },
    get pid() {
      return child.pid;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await child[Symbol.asyncDispose]();
      await watching;
    },
  };
}

/** None before the first start again, then doubling. */
function pauseMs(endings: number): number {
  return endings === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (endings - 1), LONGEST_PAUSE_MS);
}
