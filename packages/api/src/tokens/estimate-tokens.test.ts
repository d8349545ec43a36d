import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { estimateTokens } from './estimate-tokens.ts';

interface Sample {
  readonly name: string;
  readonly use: string;
  readonly tokens: number;
  readonly text: string;
}

const file = join(import.meta.dirname, '__fixtures__', 'token-samples.txt');
const samples = readFileSync(file, 'utf8')
  .split(/^%%% /m)
  .slice(1)
  .map((section): Sample => {
    const end = section.indexOf('\n');
    const [name = '', use = '', tokens] = section.slice(0, end).split(' ');
    return { name, use, tokens: Number(tokens), text: section.slice(end + 1, -1) };
  });
const errorOf = ({ tokens, text }: Sample): number =>
  (100 * (estimateTokens(text) - tokens)) / tokens;

describe('estimated tokens', () => {
  it('are measured in many languages, and with texts that nothing was fitted to', () => {
    expect(samples.length).toBeGreaterThanOrEqual(60);
    expect(samples.filter(({ use }) => use === 'held-out').length).toBeGreaterThanOrEqual(20);
    const table = samples.map(
      (sample) =>
        `${sample.name.padEnd(22)} ${sample.use.padEnd(9)} ${String(sample.tokens).padStart(4)} ${errorOf(sample).toFixed(1).padStart(6)} %`,
    );
    process.stdout.write(`${table.join('\n')}\n`);
  });

  it.each(samples)('are within 10 % of the true number: $name ($use)', (sample) => {
    expect(Math.abs(errorOf(sample))).toBeLessThanOrEqual(10);
  });

  it('are about the same for a long text, which is judged by samples, and soon known', () => {
    const once = samples.map(({ text }) => text).join('\n');
    const times = 40;
    const whole = times * samples.reduce((sum, { tokens }) => sum + tokens, 0);
    const start = performance.now();
    const estimate = estimateTokens(`${once}\n`.repeat(times));
    expect(performance.now() - start).toBeLessThan(1000);
    expect(Math.abs(estimate - whole) / whole).toBeLessThan(0.1);
  });

  it.each(['漢', 'あ', 'ก', 'a', 'a\n', '\n', '{', '\u0301', '\u{1f600}'])(
    'are soon known for a text of nothing but %j, too',
    (piece) => {
      const start = performance.now();
      estimateTokens(piece.repeat(100_000));
      expect(performance.now() - start).toBeLessThan(3000); // it was a minute
    },
  );

  it('are none for nothing, and at least one for anything', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens(' ')).toBe(1);
  });
});
