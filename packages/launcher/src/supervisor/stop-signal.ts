import { findLaunchChain, watchChain } from './launch-chain.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A signal that aborts when we are to stop: Ctrl-C, SIGTERM, a terminal that closes, the end of
 * whoever started us over IPC, or of a package manager above us. (`npx` ends at a SIGTERM without
 * telling the `pnpm` below it.) A second Ctrl-C changes nothing: stopping is bounded anyway, and one
 * key press can reach us twice.
 */
export async function watchForStop(): Promise<AbortSignal> {
  const controller = new AbortController();
  const stop = (why: string): void => controller.abort(new Error(`stopped: ${why}`));
  for (const signal of SIGNALS) process.on(signal, stop);
  process.on('disconnect', () => stop('whoever started us is gone'));
  process.channel?.unref(); // listening for its end shall not keep us alive

  const chain = await findLaunchChain();
  const watch = watchChain(chain, () => stop('the command that started us is gone'));
  controller.signal.addEventListener('abort', () => watch[Symbol.dispose]());
  return controller.signal;
}

/** Resolves when the signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
