import { attestText } from '../wire/attestation.ts';
import { stringAt } from '../wire/message.ts';
import { type App } from './app.ts';
import { delay } from './dom.ts';
import { createFrameReader } from './frame-reader.ts';
import { createInteractionReader, type InteractionReader } from './interaction-events.ts';
import { interactionRequest } from './interaction-request.ts';
import { type Content } from './request.ts';
import { failureOf, RpcFailure } from './rpc.ts';
import { type Settings } from './settings.ts';

/** One interaction that is to run. */
export interface InteractionRun {
  readonly contents: readonly Content[];
  readonly settings: Settings;
  readonly isBackground: boolean;
  readonly previousId: string | undefined;
  readonly onFrame: (frame: unknown) => void;
}

const NOT_FOUND = 5;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 8000;

/**
 * Asks a model over Interactions and shows its events as frames (wire-format.md §3). Resolves to the
 * interaction's id, which the next turn continues. Where the service no longer knows the previous
 * one, the whole history is sent instead. A stop is told to the service.
 */
export async function runInteraction(
  app: App,
  run: InteractionRun,
  signal: AbortSignal,
): Promise<string | undefined> {
  const reader = createInteractionReader();
  const cancel = (): void => {
    if (reader.id !== undefined && !reader.isCompleted)
      void app.rpc.call('CancelInteraction', [`interactions/${reader.id}`]).catch(() => {}); // it may be over
  };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    await ask(app, run, reader, signal);
  } catch (error) {
    if (run.previousId === undefined || !isForgotten(error)) throw error;
    await ask(app, { ...run, previousId: undefined }, reader, signal);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
  return reader.id;
}

async function ask(
  app: App,
  { contents, settings, isBackground, previousId, onFrame }: InteractionRun,
  reader: InteractionReader,
  signal: AbortSignal,
): Promise<void> {
  const request = await interactionRequest(contents, settings, { previousId, isBackground });
  const read = async (method: string, body: unknown): Promise<void> => {
    const frames = createFrameReader();
    const take = (text: string): void => {
      for (const event of frames.push(text)) {
        const frame = reader.take(event);
        if (frame) onFrame(frame);
      }
    };
    await app.rpc.stream(method, body, take, signal);
    const failure = failureOf(frames.status);
    if (failure) throw failure;
  };
  if (!isBackground) return read('CreateInteractionStream', request);
  const id = stringAt(await app.rpc.call('CreateInteraction', request), 0) ?? '';
  const body = [id, 1, null, null, await attestText(id), 1];
  for (let ms = FIRST_RETRY_MS; ; ms = Math.min(ms * 2, LONGEST_RETRY_MS)) {
    try {
      return await read('GetInteractionStream', body);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RpcFailure) || error.status !== 0 || reader.id !== undefined)
        throw error;
    }
    await delay(ms, signal);
  }
}

/** Whether the service does not know the previous interaction any more. */
function isForgotten(error: unknown): boolean {
  return (
    error instanceof RpcFailure && error.code === NOT_FOUND && !/model|file/i.test(error.message)
  );
}
