import { describe, expect, it } from '@jest/globals';

import { chooseKeys } from './choose-keys.ts';

describe('chooseKeys', () => {
  const announced: string[] = [];
  const choose = (configured: string[], host: string): readonly string[] =>
    chooseKeys(configured, host, (key) => announced.push(key));

  it('asks for the configured keys, and on loopback for none', () => {
    expect(choose(['sk-a'], '0.0.0.0')).toEqual(['sk-a']);
    expect(['127.0.0.1', 'localhost', '::1'].flatMap((host) => choose([], host))).toEqual([]);
    expect(announced).toEqual([]);
  });

  it('makes one up where other machines can reach it, and says it once', () => {
    const [key] = choose([], '0.0.0.0');
    expect(key).toMatch(/^sk-[\w-]{32}$/);
    expect(announced).toEqual([key]);
  });
});
