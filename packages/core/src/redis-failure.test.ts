import { describe, expect, it } from '@jest/globals';

import { toRedisFailure } from './redis-failure.ts';

const reply = (message: string): Error => Object.assign(new Error(message), { name: 'ReplyError' });

describe('toRedisFailure', () => {
  it.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", 'memory is full'],
    ['MISCONF Redis is configured to save RDB snapshots, but …', 'disk'],
    ['ERR Error running script: @user_script:3: -OOM command not allowed', 'memory is full'],
    ["READONLY You can't write against a read only replica.", 'replica'],
    ['LOADING Redis is loading the dataset in memory', 'loading'],
  ])('says what keeps Redis from its work: %s', (message, cause) => {
    const failure = toRedisFailure(reply(message));
    expect(failure).toMatchObject({ code: 'not_ready', retryAfterSeconds: 5 });
    expect(failure?.message).toContain(cause);
  });

  it('knows a command that was never answered', () => {
    const failure = toRedisFailure(new Error('Command timed out'));
    expect(failure).toMatchObject({ code: 'not_ready', retryAfterSeconds: 5 });
    expect(failure?.message).toContain('it does not answer');
  });

  it('leaves every other error to others', () => {
    expect(toRedisFailure(reply('WRONGTYPE Operation against a key'))).toBeUndefined();
    expect(toRedisFailure(new Error('OOM'))).toBeUndefined();
    expect(toRedisFailure('OOM')).toBeUndefined();
  });
});
