import { createHash } from 'node:crypto';

import { names } from '@aistudio/core';
import { describe, expect, it, jest } from '@jest/globals';

import { createAuthenticator, slotOf } from './credentials.ts';

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const hashOf = (password: string): string => createHash('sha256').update(password).digest('hex');

/** Just enough of a Redis: it answers `get` and counts how often it is asked. */
class Secrets {
  status: 'ready' | 'reconnecting' = 'ready';
  asked = 0;
  readonly hashes = new Map<string, string>();
  get = async (key: string): Promise<string | null> => {
    this.asked += 1;
    return this.hashes.get(key) ?? null;
  };
  set(slot: string, password: string): void {
    this.hashes.set(names.slotSecret(slot), hashOf(password));
  }
}

const authenticatorFor = (secrets: Secrets): ReturnType<typeof createAuthenticator> =>
  createAuthenticator(secrets);

describe('createAuthenticator', () => {
  it('knows a slot by its password, and asks Redis once', async () => {
    const secrets = new Secrets();
    secrets.set('slot-1', 'pass:word');
    const authenticate = authenticatorFor(secrets);
    expect(await authenticate(basic('slot-1', 'pass:word'))).toBe('slot-1');
    expect(await authenticate(basic('slot-1', 'pass:word'))).toBe('slot-1');
    expect(secrets.asked).toBe(1);
  });

  it('knows nobody else', async () => {
    const secrets = new Secrets();
    secrets.set('slot-1', 'password');
    const authenticate = authenticatorFor(secrets);
    const wrong = [
      undefined,
      '',
      'Basic',
      'Basic !!!',
      'Bearer x',
      basic('slot-1', ''),
      basic('slot-1', 'Password'),
      basic('slot-2', 'password'),
      basic('', 'password'),
      `Basic ${Buffer.from('slot-1').toString('base64')}`,
      basic('slot-1', hashOf('password')),
    ];
    for (const header of wrong) expect(await authenticate(header)).toBeUndefined();
  });

  it('takes a new password at once, and the old no longer', async () => {
    const secrets = new Secrets();
    secrets.set('slot-1', 'old');
    const authenticate = authenticatorFor(secrets);
    await authenticate(basic('slot-1', 'old'));
    secrets.set('slot-1', 'new');
    expect(await authenticate(basic('slot-1', 'new'))).toBe('slot-1');
    expect(await authenticate(basic('slot-1', 'old'))).toBeUndefined();
  });

  it('lets nobody in on a broken secret', async () => {
    const secrets = new Secrets();
    secrets.hashes.set(names.slotSecret('slot-1'), 'not hex');
    expect(await authenticatorFor(secrets)(basic('slot-1', ''))).toBeUndefined();
  });
});

describe('what is remembered of a secret', () => {
  it('is forgotten after some seconds: who has left is known no more', async () => {
    jest.useFakeTimers();
    const secrets = new Secrets();
    secrets.set('slot-1', 'password');
    const authenticate = authenticatorFor(secrets);
    await authenticate(basic('slot-1', 'password'));
    secrets.hashes.clear();
    jest.advanceTimersByTime(4999);
    expect(await authenticate(basic('slot-1', 'password'))).toBe('slot-1');
    jest.advanceTimersByTime(1);
    expect(await authenticate(basic('slot-1', 'password'))).toBeUndefined();
    jest.useRealTimers();
  });

  it('is enough while Redis is away; nobody else can be known then', async () => {
    const secrets = new Secrets();
    secrets.set('slot-1', 'password');
    const authenticate = authenticatorFor(secrets);
    await authenticate(basic('slot-1', 'password'));
    secrets.status = 'reconnecting';
    expect(await authenticate(basic('slot-1', 'password'))).toBe('slot-1');
    await expect(authenticate(basic('slot-1', 'other'))).rejects.toThrow('Redis is away');
  });
});

describe('slotOf', () => {
  it('is the user name', () => {
    expect(slotOf(basic('slot-1', 'x'))).toBe('slot-1');
    expect(slotOf(undefined)).toBeUndefined();
  });
});
