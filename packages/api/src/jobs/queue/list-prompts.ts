import { DriverDetail, readStatuses } from '@aistudio/core';
import { type Redis } from 'ioredis';

import { requireRedis } from '../admission.ts';
import { estimateStarts } from './estimate-starts.ts';
import { type PromptQueue, type QueuedPrompt } from './prompt-queue.ts';

/** A prompt of the queue with a guess at when it starts. */
export interface ListedPrompt extends QueuedPrompt {
  /** From now, ms; 0 = it runs; undefined: nothing has been answered yet to go by. */
  readonly startsInMs: number | undefined;
}

/** Gives everybody's prompts, as they are or will be run. */
export type ListPrompts = () => Promise<readonly ListedPrompt[]>;

/** {@link ListPrompts} of the queue. It throws `not_ready` while Redis is away. */
export const createListPrompts =
  (redis: Redis, queue: PromptQueue): ListPrompts =>
  async () => {
    requireRedis(redis);
    const [prompts, recentMs, statuses] = await Promise.all([
      queue.list(),
      queue.recentMs(),
      readStatuses(redis),
    ]);
    const slots = statuses
      .filter(({ kind, ready }) => kind === 'browser-driver' && ready)
      .map(({ detail }) => DriverDetail.safeParse(detail).data?.slots ?? [])
      .flat()
      .filter(({ state }) => state !== 'failed').length;
    const runningMs = prompts.filter(isRunning).map((prompt) => prompt.runningMs);
    const waiting = prompts.length - runningMs.length;
    const starts = estimateStarts({ runningMs, waiting, slots, recentMs });
    return prompts.map((prompt) => ({
      ...prompt,
      startsInMs: isRunning(prompt) ? 0 : starts?.[prompt.position - 1],
    }));
  };

const isRunning = ({ position }: QueuedPrompt): boolean => position === 0;
