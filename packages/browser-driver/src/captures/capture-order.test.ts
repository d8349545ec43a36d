import { type CaptureRecord } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { createCaptureOrder } from './capture-order.ts';

const record = (index: number, exchange = 'a'): CaptureRecord => ({
  type: 'event',
  exchange,
  index,
  at: 1,
  event: { type: 'text', text: String(index) },
});
const end = (index: number, how: 'complete' | 'undecodable' = 'complete'): CaptureRecord => ({
  type: 'end',
  exchange: 'a',
  index,
  end: how,
  unknownFrames: 0,
});
const passed = (...records: CaptureRecord[]): (CaptureRecord | undefined)[] =>
  records.map(createCaptureOrder());

describe('createCaptureOrder', () => {
  it('passes on what comes in order, of several exchanges too, and model lists', () => {
    const models: CaptureRecord = { type: 'models', models: [] };
    const records = [record(0), models, record(0, 'b'), record(1), record(1, 'b'), end(2)];
    expect(passed(...records)).toEqual(records);
  });

  it('drops what was written again after its reply was missed', () => {
    const records = passed(record(0), record(1), record(0), record(1), record(2), end(3), end(3));
    expect(records.filter(Boolean)).toEqual([record(0), record(1), record(2), end(3)]);
  });

  it('ends an exchange at the first gap, so that no text from behind it is told', () => {
    expect(passed(record(0), record(2), record(3), end(4)).filter(Boolean)).toEqual([
      record(0),
      end(1, 'undecodable'),
    ]);
    expect(passed(record(1)).filter(Boolean)).toEqual([end(0, 'undecodable')]);
  });
});
