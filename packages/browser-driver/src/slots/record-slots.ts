import { type Log, names } from '@aistudio/core';
import { findSecrets, type RecordingResult } from '@aistudio/recorder';
import { type Redis } from 'ioredis';

import { PageRecording } from '../page/recording/page-recording.ts';
import { type SlotLease } from './slot.ts';
import { type Slots } from './slots.ts';

/** How long a result waits for whoever asked for it, s. */
const RESULT_SECONDS = 600;

/** What recording takes. */
export interface RecordSlotsOptions {
  readonly redis: Redis;
  readonly log: Log;
}

/**
 * Slots that record one prompt when that is asked for in Redis (`pnpm record`), and are the same as
 * before for all others. A recording never changes how a prompt ends. Disposing gives up recordings;
 * the slots themselves are not ours to dispose of.
 */
export function recordSlots(slots: Slots, { redis, log }: RecordSlotsOptions): Slots {
  const closing = new AbortController();
  const publish = async (id: string, result: RecordingResult): Promise<void> => {
    await redis
      .multi()
      .rpush(names.recording(id), JSON.stringify(result))
      .expire(names.recording(id), RESULT_SECONDS)
      .exec();
  };
  const finish = async (id: string, recording: PageRecording): Promise<RecordingResult> => {
    const made = await recording.finish(closing.signal);
    const refused = findSecrets(made.recording, made.cookies);
    log.info('recording made', { recording: id, refused: refused.length });
    return refused.length > 0 ? { refused } : { recording: made.recording };
  };

  const record = async (id: string, lease: SlotLease): Promise<SlotLease> => {
    const { slot } = lease;
    log.info('recording begins', { recording: id, slot: slot.id });
    const recording = await PageRecording.start(slot.page);
    const leave = async (giveBack: () => void): Promise<void> => {
      try {
        await recording.answered(slot.page);
      } finally {
        giveBack();
      }
      await publish(id, await finish(id, recording));
    };
    let isOver = false;
    const end = (giveBack: () => void): void => {
      if (isOver) return;
      isOver = true;
      leave(giveBack).catch(async (error: unknown) => {
        log.warn('recording failed', { recording: id, error });
        await publish(id, { failed: 'The driver could not finish it; its log says why.' }).catch(
          () => undefined, // Redis is away: whoever waits gives up
        );
      });
    };
    return {
      slot,
      putBack: () => end(() => lease.putBack()),
      [Symbol.dispose]: () => end(() => lease[Symbol.dispose]()),
    };
  };

  return {
    ...slots,
    async take() {
      const lease = await slots.take();
      if (!lease) return undefined;
      try {
        const id = await redis.getdel(names.recordNext);
        return id === null ? lease : await record(id, lease);
      } catch (error) {
        log.warn('recording not begun', { error });
        return lease;
      }
    },
    [Symbol.asyncDispose]() {
      closing.abort(new Error('closing'));
      return Promise.resolve();
    },
  };
}
