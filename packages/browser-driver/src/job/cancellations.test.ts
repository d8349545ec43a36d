import { EventEmitter } from 'node:events';

import { names } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';
import { type Redis } from 'ioredis';

import { subscribeCancellations } from './cancellations.ts';

/** A connection that hears what is said on its channels. */
class Subscriber extends EventEmitter {
  readonly channels: string[] = [];
  isOpen = true;
  subscribe = async (channel: string): Promise<void> => void this.channels.push(channel);
  disconnect = (): void => void (this.isOpen = false);
  say(id: string): void {
    this.emit('message', names.cancelChannel, id);
  }
}
const start = async () => {
  const subscriber = new Subscriber();
  const redis = { duplicate: () => subscriber } as unknown as Redis;
  return { subscriber, cancellations: await subscribeCancellations(redis) };
};

describe('cancellations', () => {
  it('reach the running job that they name, and no other', async () => {
    const { subscriber, cancellations } = await start();
    expect(subscriber.channels).toEqual([names.cancelChannel]);
    using one = cancellations.watch('one');
    using other = cancellations.watch('other');
    subscriber.say('one');
    subscriber.say('unknown');
    expect(one.signal.reason).toMatchObject({ code: 'request_cancelled' });
    expect(other.signal.aborted).toBe(false);
  });

  it('reach no job that has ended', async () => {
    const { subscriber, cancellations } = await start();
    const ended = cancellations.watch('one');
    ended[Symbol.dispose]();
    subscriber.say('one');
    expect(ended.signal.aborted).toBe(false);
  });

  it('are heard until they are disposed', async () => {
    const { subscriber, cancellations } = await start();
    expect(subscriber.isOpen).toBe(true);
    await cancellations[Symbol.asyncDispose]();
    expect(subscriber.isOpen).toBe(false);
  });
});
