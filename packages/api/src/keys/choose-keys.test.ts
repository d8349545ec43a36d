import { describe, expect, it } from '@jest/globals';

import { chooseKeys, isExposed } from './choose-keys.ts';

describe('chooseKeys', () => {
  const announced: string[] = [];
  const choose = (configured: string[], host: string, stored = 0): readonly string[] =>
    chooseKeys(configured, host, stored, (key) => announced.push(key));

  it('asks for the configured keys, and on loopback for none', () => {
    const loopback = ['127.0.0.1', 'localhost', '::1'];
    expect(choose(['sk-a'], '0.0.0.0')).toEqual(['sk-a']);
    expect(loopback.flatMap((host) => choose([], host))).toEqual([]);
    expect(loopback.filter(isExposed)).toEqual([]);
    expect(announced).toEqual([]);
  });

  it('makes one up where other machines can reach it, and says it once', () => {
    const [key] = choose([], '0.0.0.0');
    expect(key).toMatch(/^sk-[\w-]{43}$/);
    expect(announced).toEqual([key]);
  });

  it('makes none up where one has been made by way of /api/keys', () => {
    announced.length = 0;
    expect(choose([], '0.0.0.0', 1)).toEqual([]);
    expect(announced).toEqual([]);
  });
});
