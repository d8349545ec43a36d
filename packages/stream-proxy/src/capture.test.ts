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

  it('lives for long from the beginning of an exchange; what goes on is bounded by its length', async () => {
    const redis = new Commands();
    const exchange = createCapture(redis, silentLog).begin('slot');
    exchange.write(request);
    await turn();
    expect(redis.seen.map((command) => command.slice(0, 2))).toEqual([
      ['aistudio:capture:slot', 'MAXLEN'], // Redis' clock is not known yet
      ['aistudio:capture:slot', 3_600_000],
    ]);
    exchange.write({ type: 'response', status: 200 });
    await turn();
    expect(redis.seen).toHaveLength(3);
    expect(redis.seen.at(-1)?.slice(0, 4)).toEqual([
      'aistudio:capture:slot',
      'MAXLEN',
      '~',
      50_000,
    ]);
  });
});

describe('an exchange', () => {
  const response: ExchangeRecord = { type: 'response', status: 200 };
  /** A capture, and the entries that its Redis has taken, which refuses all while it is full. */
  const start = (isFull: () => boolean = () => false) => {
    const commands: unknown[][] = [];
    const send = async (...command: unknown[]): Promise<string> => {
      if (isFull()) throw new Error('OOM');
      if (command.includes('*')) commands.push(command);
      return '1-1';
    };
    const redis = { xadd: send, pexpire: send };
    return { capture: createCapture(redis as never, silentLog), commands };
  };

  it('gets together what is given together, in one entry, numbered in order', async () => {
    const { capture, commands } = start();
    const exchange = capture.begin('slot-1');
    exchange.write(request);
    exchange.write(response, end);
    const entry = commands.at(-1) ?? [];
    const records = entry.filter((value) => String(value).startsWith('{'));
    expect(records.map((record) => JSON.parse(String(record)))).toEqual([
      { ...response, exchange: exchange.id, index: 1 },
      { ...end, exchange: exchange.id, index: 2 },
    ]);
  });

  it('gets nothing after the end of an exchange, nor for nothing', async () => {
    const { capture, commands } = start();
    const exchange = capture.begin('slot-1');
    exchange.write();
    exchange.write(end, response);
    exchange.write(response);
    expect(commands).toHaveLength(1);
    expect(commands[0]?.filter((value) => String(value).startsWith('{'))).toHaveLength(1);
  });

  it('ends an exchange once where several of its records are refused', async () => {
    let isFull = true;
    const { capture, commands } = start(() => isFull);
    const exchange = capture.begin('slot-1');
    exchange.write(response);
    exchange.write(response);
    isFull = false;
    await turn();
    expect(capture.lost).toBe(2);
    expect(commands).toHaveLength(1);
    expect(String(commands[0]?.at(-1))).toContain('undecodable');
  });

  it('counts a model list that is lost, which ends nothing', async () => {
    const { capture, commands } = start(() => true);
    capture.writeModels('slot-1', []);
    await turn();
    expect([capture.lost, commands]).toEqual([1, []]);
  });

  it('is idle where an exchange has ended although its end was refused', async () => {
    const { capture } = start(() => true);
    capture.begin('slot-1').write(end);
    await capture.untilIdle(60_000);
    expect(capture.lost).toBe(2);
  });
});
