import { setImmediate as turn } from 'node:timers/promises';

import { silentLog } from '@aistudio/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { createCapture, type ExchangeRecord } from './capture.ts';

afterEach(() => void jest.restoreAllMocks());

/** Keeps the commands it gets; its clock goes by itself. */
class Commands {
  readonly seen: unknown[][] = [];
  now = 1_700_000_000_000;
  xadd = async (...command: unknown[]): Promise<string> => {
    this.seen.push(command);
    return `${this.now}-0`;
  };
  pexpire = async (...command: unknown[]): Promise<number> => {
    this.seen.push(command);
    return 1;
  };
}

const request: ExchangeRecord = { type: 'request', at: 0, undecodable: 'not read' };
const end: ExchangeRecord = { type: 'end', end: 'complete', unknownFrames: 0 };

describe('what is kept of captures', () => {
  it.each([0, -3_600_000, 3_600_000])(
    'goes by Redis’ clock, where ours is %i ms ahead',
    async (aheadMs) => {
      const redis = new Commands();
      jest.spyOn(Date, 'now').mockImplementation(() => redis.now + aheadMs);
      const capture = createCapture(redis, silentLog);
      capture.begin('slot').write(request);
      await turn();
      capture.begin('slot').write(request);
      await turn();
      const limits = redis.seen.flatMap(([, by, , oldest]) => (by === 'MINID' ? [oldest] : []));
      expect(limits).toHaveLength(1);
      expect(Math.abs(Number(limits[0]) - (redis.now - 600_000))).toBeLessThan(60_000);
    },
  );

  it('is gone ten minutes after the last answer', async () => {
    const redis = new Commands();
    createCapture(redis, silentLog).begin('slot').write(request, end);
    await turn();
    expect(redis.seen.at(-1)).toEqual(['aistudio:capture:slot', 600_000]);
  });

  it('stays as long as another answer goes on', async () => {
    const redis = new Commands();
    const capture = createCapture(redis, silentLog);
    capture.begin('slot').write(request);
    const other = capture.begin('slot');
    other.write(request, end);
    await turn();
    expect(redis.seen).not.toContainEqual(['aistudio:capture:slot', 600_000]);
  });
});
