import { duplicateConnection, names, StudioError } from '@aistudio/core';
import { type Redis } from 'ioredis';

/** Hears at once when somebody asks to cancel a running job. */
export interface Cancellations extends AsyncDisposable {
  /** A signal for one job; dispose it when the job has ended. */
  watch(id: string): { readonly signal: AbortSignal } & Disposable;
}

/** The reason with which a cancelled job ends. */
export const cancelled = (): StudioError =>
  new StudioError('request_cancelled', 'The request was cancelled.');

/** Subscribes to the cancel channel. What was said before is for the lease's renewal to find out. */
export async function subscribeCancellations(redis: Redis): Promise<Cancellations> {
  const connection = duplicateConnection(redis);
  const running = new Map<string, AbortController>();
  connection.on('message', (_channel: string, id: string) => running.get(id)?.abort(cancelled()));
  await connection.subscribe(names.cancelChannel);
  return {
    watch(id) {
      const controller = new AbortController();
      running.set(id, controller);
      return {
        signal: controller.signal,
        [Symbol.dispose]() {
          running.delete(id);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
    },
  };
}
