import { getEventListeners } from 'node:events';

import { describe, expect, it } from '@jest/globals';

import { Condition } from './condition.ts';

const never = new AbortController().signal;

describe('a condition', () => {
  it('wakes everyone who waits for it', async () => {
    const condition = new Condition();
    const waiting = [condition.wait(60_000, never), condition.wait(60_000, never)];
    condition.notify();
    expect(await Promise.all(waiting)).toEqual([true, true]);
  });

  it('says when the time is up, and keeps no notification for later', async () => {
    const condition = new Condition();
    condition.notify();
    expect(await condition.wait(5, never)).toBe(false);
  });

  it('throws the reason of the signal, whenever it aborts', async () => {
    const condition = new Condition();
    const controller = new AbortController();
    const waiting = condition.wait(60_000, controller.signal);
    controller.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    await expect(condition.wait(60_000, controller.signal)).rejects.toThrow('cancelled');
  });

  it('leaves no listener behind', async () => {
    const condition = new Condition();
    const controller = new AbortController();
    const waiting = condition.wait(60_000, controller.signal);
    condition.notify();
    await waiting;
    await condition.wait(1, controller.signal);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
