import { inspect } from 'node:util';

import { StudioError } from './errors.ts';

/** How long a process may take to end once nobody is left to kill it, ms. */
const ORPHAN_MS = 5000;

/** Why a process has to stop: it was told to, or whoever started it is gone. */
export type StopCause = 'told' | 'orphaned';

/**
 * Resolves at the first SIGINT or SIGTERM, or when the process that started us goes away (it may be
 * gone already). Once that one is gone, also while we stop, nobody bounds our end any more, so we do.
 */
export async function untilStopped(): Promise<StopCause> {
  return new Promise((resolve) => {
    const stop = (cause: StopCause): void => {
      process.off('SIGINT', told);
      process.off('SIGTERM', told);
      process.off('disconnect', orphan);
      resolve(cause);
    };
    const told = (): void => {
      stop('told');
      process.once('disconnect', exitSoon);
      process.channel?.unref(); // it does not keep us from ending by ourselves
    };
    const orphan = (): void => {
      exitSoon();
      stop('orphaned');
    };
    process.on('SIGINT', told);
    process.on('SIGTERM', told);
    process.on('disconnect', orphan); // the IPC channel of the launcher closed: it is gone
    if (process.send && !process.connected) orphan(); // there was a channel, and it has closed
  });
}

const exitSoon = (): void => void setTimeout(() => process.exit(1), ORPHAN_MS).unref();

/** How long begun work may take to end, ms: `graceMs`, or less where nobody is left to wait for it. */
export const graceAfter = (cause: StopCause, graceMs: number): number =>
  cause === 'told' ? graceMs : Math.min(graceMs, ORPHAN_MS / 2);

/** Tells the process that started us, if there is one listening, that everything is up. */
export function reportReady(detail: Readonly<Record<string, unknown>> = {}): void {
  process.send?.({ type: 'ready', ...detail });
}

/**
 * From now on a start that fails with an error we understand says just its message, on stderr and to
 * the process that started us; of anything else the stacks are printed. `survives` decides about each
 * exception first: true keeps the process running.
 */
export function failPlainly(survives: (error: unknown) => boolean = () => false): void {
  process.on('uncaughtException', (error) => {
    if (survives(error)) return;
    const isOurs = error instanceof StudioError;
    process.stderr.write(`${isOurs ? error.message : toStacks(error)}\n`);
    if (isOurs && process.connected) {
      process.send?.({ type: 'failed', message: error.message }, () => process.exit(1));
    } else process.exit(1);
  });
}

/**
 * The stack of an error and of what caused it. Their other properties are left out: those of ioredis
 * hold the arguments of a command, which may be keys or prompts.
 */
export function toStacks(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const causes = error instanceof AggregateError ? error.errors : [error.cause];
  const stacks = causes.filter((cause) => cause !== undefined).map(toStacks);
  return [error.stack ?? error.message, ...stacks].join('\ncaused by: ');
}

const outOfTime = (): Error => new DOMException('The time is up.', 'TimeoutError');

/**
 * A signal that aborts with `error()` after `ms`, or as soon as `signal` does. Disposing stops the
 * clock. To be used in place of `AbortSignal.timeout`, which Node 20 may collect before it fires when
 * only `AbortSignal.any` refers to it.
 */
export function deadline(
  ms: number,
  error: () => Error = outOfTime,
  signal?: AbortSignal,
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(error()), ms);
  const forward = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) forward();
  else signal?.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', forward);
    },
  };
}
