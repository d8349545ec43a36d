import { randomUUID } from 'node:crypto';

import { duplicateConnection, names, type RedisConnection } from '@aistudio/core';
import { type Recording, RecordingResult, SecretsFoundError } from '@aistudio/recorder';

/** How long the wish to record stays, if nobody sends a prompt, s. */
const WISH_SECONDS = 900;
/** From the end of the answer to the recording: the second tab takes up to 45 s. s */
const RESULT_SECONDS = 120;

/**
 * Has the running driver record the next prompt. `send` sends it; undefined: whoever sends one does.
 * Throws when the prompt was refused before a page had it, and {@link SecretsFoundError} when the
 * driver found something in the recording that must not leave it.
 */
export async function makeRecording(
  redis: RedisConnection,
  send: (() => Promise<void>) | undefined,
  signal: AbortSignal,
): Promise<{ readonly recording: Recording; readonly failure: Error | undefined }> {
  const id = randomUUID();
  await redis.set(names.recordNext, id, 'EX', WISH_SECONDS);
  let failure: Error | undefined;
  try {
    await send?.();
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error)); // the page that failed is what one wants to record most
  }
  const isTaken = send === undefined || (await redis.getdel(names.recordNext)) !== id;
  if (!isTaken) throw failure ?? new Error('No driver took the prompt: is it of an older version?');
  try {
    const seconds = send ? RESULT_SECONDS : WISH_SECONDS + RESULT_SECONDS;
    const result = await untilResult(redis, id, seconds, signal);
    if ('failed' in result) throw new Error(result.failed);
    if ('refused' in result) throw new SecretsFoundError(result.refused);
    return { recording: result.recording, failure };
  } finally {
    if (signal.aborted) await redis.del(names.recordNext);
  }
}

async function untilResult(
  redis: RedisConnection,
  id: string,
  seconds: number,
  signal: AbortSignal,
): Promise<RecordingResult> {
  signal.throwIfAborted();
  const waiting = duplicateConnection(redis);
  const stop = (): void => waiting.disconnect();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const entry = await waiting.blpop(names.recording(id), seconds).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
    if (!entry) throw new Error('The driver gave no recording in time; its log says why.');
    return RecordingResult.parse(JSON.parse(entry[1]));
  } finally {
    signal.removeEventListener('abort', stop);
    await waiting[Symbol.asyncDispose]();
  }
}
