import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { type AnswerWatch, watchAnswer } from './answer-limits.ts';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

const start = (signal = new AbortController().signal): AnswerWatch =>
  watchAnswer({ firstTokenMs: 5000, silenceMs: 1000 }, 'The service', signal);

describe('watchAnswer', () => {
  it('gives the first piece its own time, and names the limit when it is over', () => {
    const { signal } = start();
    jest.advanceTimersByTime(4999);
    expect(signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({
      code: 'timeout',
      message: 'The service sent nothing of an answer within 5 s (FIRST_TOKEN_TIMEOUT_MS).',
    });
  });

  it('begins anew with each piece, and names the limit when it falls silent', () => {
    const watch = start();
    jest.advanceTimersByTime(4000);
    for (let pieces = 0; pieces < 10; pieces++) {
      watch.noteProgress();
      jest.advanceTimersByTime(999);
    }
    expect(watch.signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(watch.signal.reason).toMatchObject({
      code: 'timeout',
      message: 'The service was silent for 1 s in the middle of its answer (SILENCE_TIMEOUT_MS).',
    });
  });

  it('ends with the signal it was given, and with its own disposal', () => {
    const client = new AbortController();
    const watch = start(client.signal);
    client.abort('gone');
    expect(watch.signal.reason).toBe('gone');
    const disposed = start();
    disposed[Symbol.dispose]();
    jest.advanceTimersByTime(60_000);
    expect(disposed.signal.aborted).toBe(false);
  });
});
