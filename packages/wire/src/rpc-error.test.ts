import { toErrorRecord, toLogMessage } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { secondsUntilQuotaDay } from './error-detail.ts';
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

  it('keeps the service’s words, which may be those of the prompt, from logs', () => {
    const status = (message: string): string =>
      `[,[8,"${message}",[["type.googleapis.com/google.rpc.ErrorInfo",["RATE_LIMIT_EXCEEDED"]]]]]`;
    const failure = toStudioError({ status: 429, body: Buffer.from(status('a secret plan')) });
    expect(failure.message).toContain('a secret plan');
    expect(toLogMessage(failure)).not.toContain('secret');
    expect(toLogMessage(failure)).toContain('gRPC status 8 (RATE_LIMIT_EXCEEDED)');
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

/** An error body with a detail of AI Studio's own that has these positions set. */
function detailed(
  code: number,
  fields: Readonly<Record<number, unknown>>,
  type = 'GeminiApiErrorDetails',
  others: readonly unknown[] = [],
): string {
  const message: unknown[] = [];
  for (const [position, value] of Object.entries(fields)) message[Number(position)] = value;
  const details = [
    [`type.googleapis.com/google.internal.makersuite.v1.${type}`, message],
    ...others,
  ];
  return JSON.stringify([null, [code, 'Refused.', details]]);
}

describe('the details of AI Studio’s own', () => {
  it('bundle §2.5: tokens and their limit are a prompt that is too long, with both numbers', () => {
    for (const tokens of [
      [1_200_345, 1_048_576],
      ['1200345', '1048576'],
    ]) {
      expect(record(400, detailed(3, { 2: tokens }))).toMatchObject({
        code: 'context_length_exceeded',
        message: expect.stringMatching(/1200345 tokens.*1048576/),
      });
    }
    expect(record(400, detailed(3, { 2: [] }))).toMatchObject({ code: 'context_length_exceeded' });
  });

  it('bundle §2.5: a quota says by its metric when to come back', () => {
    const quota = (metric: string): object =>
      record(429, detailed(8, { 28: [[[null, null, null, metric]]] }));
    expect(quota('generate_content_free_tier_requests_per_minute')).toMatchObject({
      code: 'rate_limit_exceeded',
      retryAfterSeconds: 60,
    });
    expect(quota('generate_requests_per_model_per_day')).toMatchObject({
      code: 'rate_limit_exceeded',
      message: expect.stringContaining('today'),
      retryAfterSeconds: expect.any(Number),
    });
    expect(quota('something_else')).toMatchObject({ code: 'rate_limit_exceeded' });
    expect(quota('something_else')).not.toHaveProperty('retryAfterSeconds');
  });

  it('leaves the waiting time to RetryInfo where there is one', () => {
    const retry = ['type.googleapis.com/google.rpc.RetryInfo', [['37', 0]]];
    const body = detailed(8, { 28: [[[null, null, null, 'requests_per_day']]] }, undefined, [
      retry,
    ]);
    expect(record(429, body)).toMatchObject({ retryAfterSeconds: 37 });
  });

  it.each([
    [3, 'invalid_value', /images/],
    [4, 'request_too_large', /file/],
    [13, 'request_too_large', /file/],
    [6, 'model_not_found', /v1\/models/],
    [11, 'invalid_value', /file/],
    [12, 'invalid_value', /type/],
    [14, 'invalid_value', /kind/],
    [23, 'upstream_error', /place/],
    [26, 'upstream_error', /Drive/],
    [27, 'model_not_found', /deprecated/],
  ])('bundle §2.5: detail [%i] is %s', (position, code, message) => {
    expect(record(400, detailed(9, { [position]: ['x'] }))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [0, 'upstream_error', /full/],
    [1, 'upstream_error', /allow/],
    [7, 'request_too_large', /too large/],
  ])('bundle §2.5: detail [%i] of AiStudioErrorDetails is %s', (position, code, message) => {
    expect(record(400, detailed(9, { [position]: [] }, 'AiStudioErrorDetails'))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('counts the quota’s day to midnight in California', () => {
    expect(secondsUntilQuotaDay(Date.UTC(2026, 8, 10, 6, 59, 0))).toBe(60);
    expect(secondsUntilQuotaDay(Date.UTC(2026, 11, 10, 8, 0, 0))).toBe(86_400);
  });
});
