/* oxlint-disable unicorn/require-post-message-target-origin -- between threads there are no origins */
import { parentPort } from 'node:worker_threads';

import { toErrorRecord } from '@aistudio/core';

import { tasks, type TaskName } from './tasks.ts';

/** One task, and what became of it. */
interface Order {
  readonly task: TaskName;
  readonly input: never;
}

parentPort?.on('message', ({ task, input }: Order) => {
  try {
    const result: unknown = tasks[task](input);
    parentPort?.postMessage({ result }, toTransfer(result));
  } catch (error) {
    parentPort?.postMessage({ error: toErrorRecord(error) });
  }
});

/** Bytes are moved, not copied, where nothing else stands in their buffer. */
function toTransfer(result: unknown): ArrayBuffer[] {
  if (typeof result !== 'object' || result === null) return [];
  const files = 'files' in result && Array.isArray(result.files) ? result.files : [];
  return [result, ...files].flatMap(({ bytes }: { readonly bytes?: unknown }) => {
    const isOwn = bytes instanceof Uint8Array && bytes.byteLength > Buffer.poolSize;
    return isOwn && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
  });
}
