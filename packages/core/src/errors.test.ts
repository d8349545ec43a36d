import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { toErrorRecord } from './error-record.ts';
import { errorCodes, RecordedError, StudioError, toLogMessage } from './errors.ts';

describe('toErrorRecord', () => {
  it('tells a Redis that cannot do its work from a fault of ours', () => {
    const full = Object.assign(
      new Error("OOM command not allowed when used memory > 'maxmemory'."),
      {
        name: 'ReplyError',
      },
    );
    expect(toErrorRecord(full)).toMatchObject({ status: 503, code: 'not_ready' });
  });

  it('gives status and type to a code, and passes the rest on', () => {
    const error = new StudioError('queue_full', 'Full.', { retryAfterSeconds: 10 });
    expect(toErrorRecord(error)).toEqual({
      status: 429,
      type: 'rate_limit_error',
      code: 'queue_full',
      param: null,
      message: 'Full.',
      retryAfterSeconds: 10,
    });
  });

  it('keeps what another process said', () => {
    const record = toErrorRecord(new StudioError('timeout', 'Slow.', { param: 'x' }));
    expect(toErrorRecord(new RecordedError(record))).toBe(record);
  });

  it('says nothing of what it does not understand', () => {
    const record = toErrorRecord(new Error('password=1'));
    expect(record).toMatchObject({ status: 500, code: 'internal_error' });
    expect(record.message).not.toContain('password');
  });
});

describe('toLogMessage', () => {
  it('is the message, unless that quotes others', () => {
    const plain = new StudioError('timeout', 'Slow.');
    const quoting = new StudioError('timeout', 'Slow: “a secret”.', { logged: 'Slow.' });
    for (const error of [plain, quoting]) {
      const record = toErrorRecord(error);
      for (const one of [error, record, new RecordedError(record)]) {
        expect(toLogMessage(one)).toBe('Slow.');
      }
    }
    expect(toLogMessage(new Error('broken'))).toBe('broken');
  });
});

describe('docs/reference/errors.md', () => {
  it('lists every code with its status and type, and no other', () => {
    const page = readFileSync(
      join(import.meta.dirname, '../../../docs/reference/errors.md'),
      'utf8',
    );
    const documented = Array.from(
      page.matchAll(/^\| `(\w+)` +\| (\d+) +\| `(\w+)` +\| .+ \|$/gm),
      ([, code, status, type]) => ({ code, status: Number(status), type }),
    );
    const known = errorCodes.map((code) => {
      const { status, type } = toErrorRecord(new StudioError(code, ''));
      return { code, status, type };
    });
    expect(documented).toEqual(known);
  });
});
