import { type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

import { deadline } from '@aistudio/core';

import { maskSecrets } from './mask-secrets.ts';

/** How many of a child's last lines are kept for the message about its end. */
const LAST_LINES = 20;

/** A program that we run as a child. `Ready` is what it tells once it can do its work. */
export interface Program<Ready> {
  readonly name: string;
  /** Where it logs. Nothing of its other output is kept: that is for the person alone. */
  readonly logsTo: 'stdout' | 'stderr';
  /** Starts it as the leader of a process group of its own (`detached`), its output piped. */
  spawn(): ChildProcess;
  /** Calls `ready` once the child can do its work, or `fail` when it says why it never will. */
  watch(child: ChildProcess, ready: (detail: Ready) => void, fail: (error: Error) => void): void;
  /** Asks it to end. */
  stop(child: ChildProcess): void;
}

/** Gets a line that a child printed, and where. */
export type OnLine = (line: string, output: 'stdout' | 'stderr') => void;

/** How a child is treated. */
export interface ChildOptions {
  /** Gives up the start; once the child is ready it has no effect. */
  readonly signal: AbortSignal;
  /** Gets each line that the child prints. */
  readonly onLine?: OnLine | undefined;
  /** Default 60 s. */
  readonly readyWithinMs?: number | undefined;
  /** How long a child may take to end before it is killed. Default 5 s. */
  readonly stopWithinMs?: number | undefined;
}

/** A child that is up. Disposing stops it and whatever is left of its process group. */
export interface RunningChild<Ready> extends AsyncDisposable {
  readonly pid: number;
  readonly ready: Ready;
  /** Resolves when it has ended, to how it ended and what it said last. */
  readonly ended: Promise<string>;
}

/** Starts a program and waits until it is ready. Throws, with its last words, when it is not to be. */
export async function startChild<Ready>(
  program: Program<Ready>,
  options: ChildOptions,
): Promise<RunningChild<Ready>> {
  const { name, logsTo } = program;
  const { signal, onLine, readyWithinMs = 60_000, stopWithinMs = 5000 } = options;
  signal.throwIfAborted();

  const child = program.spawn();
  const ended = untilEnded(child, logsTo, onLine);
  const stop = async (): Promise<void> => {
    program.stop(child);
    const timer = setTimeout(() => killGroup(child), stopWithinMs);
    await ended;
    clearTimeout(timer);
  };

  const late = (): Error => new Error(`${name} was not ready within ${readyWithinMs / 1000} s`);
  using limit = deadline(readyWithinMs, late, signal);
  try {
    const ready = await new Promise<Ready>((resolve, reject) => {
      program.watch(child, resolve, reject);
      void ended.then((how) => reject(new Error(`${name} ${how}`)));
      limit.signal.addEventListener('abort', () => reject(limit.signal.reason));
    });
    return { pid: child.pid ?? 0, ready, ended, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Passes the lines on, and resolves at the end of the process to how it ended. */
async function untilEnded(
  child: ChildProcess,
  logsTo: 'stdout' | 'stderr',
  onLine: OnLine | undefined,
): Promise<string> {
  const lastLines: string[] = [];
  for (const output of ['stdout', 'stderr'] as const) {
    const input = child[output];
    if (!input) continue;
    createInterface({ input }).on('line', (line) => {
      if (output === logsTo) lastLines.push(maskSecrets(line));
      if (lastLines.length > LAST_LINES) lastLines.shift();
      onLine?.(line, output);
    });
  }
  const how = await new Promise<string>((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(`could not be started: ${error.message}`);
    });
    child.once('exit', () => killGroup(child)); // what it left behind would hold its output open
    child.once('close', (code, killedBy) => resolve(`ended with ${killedBy ?? `code ${code}`}`));
  });
  return [how, ...lastLines].join('\n  ');
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // nobody is left in the group
  }
}
