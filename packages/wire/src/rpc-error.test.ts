import { toErrorRecord } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { parseRpcFailure, toStudioError } from './rpc-error.ts';

const QUOTA =
  '[,[8,"You exceeded your current quota. Try again later.",[["type.googleapis.com/google.rpc.ErrorInfo",["RATE_LIMIT_EXCEEDED","googleapis.com",[["quota_metric","sim.example/generate"],["quota_limit","PerDay"]]]],["type.googleapis.com/google.rpc.RetryInfo",[["37",0]]]]]]';

const record = (status: number, body: string, retryAfter?: string): object =>
  toErrorRecord(toStudioError({ status, body: Buffer.from(body), retryAfter }));

describe('toStudioError', () => {
  // the error bodies of wire-format.md §11, E8
  it.each([
    [429, QUOTA, { status: 429, code: 'rate_limit_exceeded', retryAfterSeconds: 37 }],
    [403, '[,[7,"The caller does not have permission"]]', { status: 502, code: 'upstream_error' }],
    [
      400,
      '[null,[3,"The input token count exceeds the maximum number of tokens allowed."]]',
      { status: 400, code: 'context_length_exceeded' },
    ],
    [
      401,
      '[16,"Request had invalid authentication credentials."]',
      { status: 503, code: 'not_signed_in' },
    ],
    [500, '[,[13,"Internal error encountered."]]', { status: 502, code: 'upstream_error' }],
    [503, '[,[14,"The model is overloaded."]]', { status: 502, code: 'upstream_error' }],
    [502, '<!DOCTYPE html><title>502</title>', { status: 502, code: 'upstream_error' }],
    [400, '[,[3,"Request contains an invalid argument."]]', { status: 400, code: 'invalid_value' }],
    [404, '[[null,[5,"models/nope is not found"]]]', { status: 404, code: 'model_not_found' }],
    [429, '', { status: 429, code: 'rate_limit_exceeded' }],
    [401, '<html>', { status: 503, code: 'not_signed_in' }],
  ])('HTTP %i %s', (status, body, expected) => {
    expect(record(status, body)).toMatchObject(expected);
  });

  it('takes the waiting time from the body, else from Retry-After', () => {
    expect(record(429, QUOTA, '5')).toMatchObject({ retryAfterSeconds: 37 });
    expect(record(429, '[8,"exhausted"]', '5')).toMatchObject({ retryAfterSeconds: 5 });
    const soon = new Date(Date.now() + 10_000).toUTCString();
    expect(record(503, '', soon)).toMatchObject({ retryAfterSeconds: expect.any(Number) });
    expect(record(429, '[8,"exhausted"]', 'soon')).not.toHaveProperty('retryAfterSeconds');
  });

  it('says what AI Studio said and what to do', () => {
    expect(record(401, '[16,"Session expired."]')).toMatchObject({
      message: 'AI Studio answered: Session expired. Run `pnpm signin`.',
    });
    expect(record(502, '<html>')).toMatchObject({
      message: 'AI Studio answered: a web page (HTTP 502). Try again.',
    });
  });
});

describe('parseRpcFailure', () => {
  it('keeps the reason', () => {
    expect(parseRpcFailure(Buffer.from(QUOTA))).toEqual({
      code: 8,
      message: 'You exceeded your current quota. Try again later.',
      reason: 'RATE_LIMIT_EXCEEDED',
      retryAfterSeconds: 37,
    });
  });

  it('finds nothing where there is nothing', () => {
    for (const body of ['', '[]', '[[[1,2]]]', 'null', '[1']) {
      expect(parseRpcFailure(Buffer.from(body))).toBeUndefined();
    }
  });
});
