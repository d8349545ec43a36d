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
});
