import { describe, expect, it } from '@jest/globals';

import { createRepeatFilter } from './log-repeats.ts';

describe('an error that comes again and again', () => {
  const line = (fields: object = {}) => ({
    level: 'warn',
    message: 'queue trouble',
    error: new Error('OOM'),
    ...fields,
  });

  it('is logged once in ten seconds, and then with how many were left out', () => {
    let time = 0;
    const filter = createRepeatFilter(() => time);
    const logged: object[] = [];
    for (time = 0; time < 25_000; time += 100)
      logged.push(...[filter(line())].flatMap((one) => one ?? []));
    expect(logged).toEqual([line(), line({ repeated: 99 }), line({ repeated: 99 })]);
  });

  it('leaves each request its line, without the stack', () => {
    const filter = createRepeatFilter(() => 0);
    filter(line({ requestId: 'one' }));
    expect(filter(line({ requestId: 'two' }))).toEqual(line({ requestId: 'two', error: 'OOM' }));
  });

  it('does not hide other errors, nor lines without one', () => {
    const filter = createRepeatFilter(() => 0);
    const lines = [line(), line({ error: new Error('MISCONF') }), line({ message: 'other' })];
    const plain = { level: 'info', message: 'answered' };
    expect([...lines, plain, plain].map((one) => filter(one))).toEqual([...lines, plain, plain]);
  });

  it('is told in full again once its ten seconds are over, without a count where none was left out', () => {
    let time = 0;
    const filter = createRepeatFilter(() => time);
    filter(line());
    time = 9999;
    expect(filter(line())).toBeUndefined();
    time = 10_000;
    expect(filter(line())).toEqual(line({ repeated: 1 }));
    time = 20_000;
    expect(filter(line())).toEqual(line());
  });

  it('is forgotten once a hundred others came after it', () => {
    const filter = createRepeatFilter(() => 0);
    const other = (number: number) => line({ error: new Error(String(number)) });
    filter(line());
    for (let number = 1; number < 100; number++) filter(other(number));
    expect(filter(line())).toBeUndefined();
    filter(other(100));
    expect(filter(line())).toEqual(line());
    expect(filter(other(100))).toBeUndefined();
  });
});
