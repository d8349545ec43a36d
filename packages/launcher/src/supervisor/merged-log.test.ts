import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLogger } from '@aistudio/core';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { mergeInto } from './merged-log.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aistudio-merged-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Merges these lines into a file; gives what it holds then, and what was printed. */
async function merge(
  lines: readonly [string, 'stdout' | 'stderr'][],
): Promise<{ entries: Record<string, unknown>[]; printed: string; mode: number }> {
  let printed = '';
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const file = join(folder, 'app.log');
  const log = createLogger(undefined, { level: 'debug', format: 'json', file });
  for (const transport of log.transports.slice(0, 1)) transport.silent = true;
  const take = mergeInto(log);
  for (const [line, output] of lines) take(line, output, 'api');
  const transport = log.transports[1]!;
  const written = new Promise((resolve) => transport.once('finish', resolve));
  log.end();
  await written;
  stdout.mockRestore();
  const text = readFileSync(file, 'utf8').trim();
  return {
    entries: text.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>),
    printed,
    mode: statSync(file).mode & 0o777,
  };
}

describe('the merged log', () => {
  it('keeps whose a line is and when it was said, in a private file, and what is printed out of it', async () => {
    const said = {
      timestamp: '2026-11-22T10:00:00.000Z',
      level: 'debug',
      message: 'listening',
      process: 'browser-driver',
      requestId: 'chatcmpl-1',
    };
    const { entries, printed, mode } = await merge([
      [JSON.stringify(said), 'stderr'],
      ['API key: sk-secret', 'stdout'],
      ['Error: of Node itself', 'stderr'],
    ]);
    expect(entries[0]).toEqual(said);
    expect(entries[1]).toMatchObject({
      level: 'warn',
      process: 'api',
      message: 'Error: of Node itself',
    });
    expect(entries).toHaveLength(2);
    expect(printed).toBe('API key: sk-secret\n');
    expect(mode).toBe(0o600);
  });
});
