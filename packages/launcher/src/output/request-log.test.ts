import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readRequestLog, toLine } from './request-log.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aistudio-logs-'));
  const line = (second: number, process: string, fields: object): string =>
    JSON.stringify({
      timestamp: `2026-11-22T10:00:0${second}.000Z`,
      level: 'info',
      message: `at ${second}`,
      process,
      ...fields,
    });
  const id = 'chatcmpl-1a';
  writeFileSync(
    join(folder, 'app.log'),
    [
      line(3, 'stream-proxy', { requestId: id }),
      line(4, 'api', { requestId: 'chatcmpl-2b', job: id }),
      line(5, 'api', { requestId: 'chatcmpl-21a' }),
      line(6, 'api', { requestId: id, status: 200 }),
      '{"timestamp":"2026-11-22T10:00:07.000Z","requestId":"chatcmpl-1a","mess',
      'chatcmpl-1a by itself',
    ].join('\n'),
  );
  writeFileSync(join(folder, 'app1.log'), line(2, 'browser-driver', { requestId: id }));
  writeFileSync(join(folder, 'other.log'), line(1, 'api', { requestId: id }));
  writeFileSync(join(folder, 'notes.txt'), line(0, 'api', { requestId: id }));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the log of one request', () => {
  it('is in order over all files, rotated ones too, and of no other request', async () => {
    const entries = await readRequestLog(folder, 'chatcmpl-1a');
    expect(entries.map(({ message }) => message)).toEqual(['at 1', 'at 2', 'at 3', 'at 4', 'at 6']);
    expect(await readRequestLog(folder, '1a')).toEqual(entries);
  });

  it('shows the time since the first line, and what is not the same everywhere', async () => {
    const entries = await readRequestLog(folder, '1a');
    const lines = entries.map((entry) => toLine(entry, entries[0]!));
    expect(lines[0]).toBe('+     0 ms  api            info  at 1');
    expect(lines[3]).toContain('"requestId":"chatcmpl-2b"');
    expect(lines[4]).toBe('+  5000 ms  api            info  at 6 {"status":200}');
  });
});
