import { type ErrorCode, type ErrorRecord } from '@aistudio/core';
import { type ErrorRequestHandler, type Response } from 'express';

import { toErrorBody } from '../dialects/shared/errors.ts';
import { StoredFailureError } from '../jobs/retries.ts';
import { toServerTiming } from '../monitoring/server-timing.ts';
import { contextOf } from './context.ts';
import { reportFailure } from './report-failure.ts';
import { toJson } from './to-json.ts';

/** SDKs obey a Retry-After up to this long and fall back to their own beyond. */
const MAX_OBEYED_SECONDS = 60;

/** What SDKs would try again by themselves, in vain, or at the price of another press of Run. */
const HOPELESS: ReadonlySet<string> = new Set<ErrorCode>([
  'not_signed_in',
  'timeout',
  'invalid_tool_call',
  'missing_tool_call',
  'invalid_output',
]);

/** The error middleware: whatever a handler throws becomes a status and OpenAI's error object. */
export const answerFailure: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  if (response.destroyed) return; // the client went away; nobody to tell, nothing wrong
  const context = contextOf(response);
  const record = reportFailure(context, error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  setRetryHeaders(response, record);
  if (error instanceof StoredFailureError) response.setHeader('x-should-retry', 'false');
  if (!response.hasHeader('server-timing')) {
    const total = Date.now() - context.acceptedAt;
    response.setHeader('server-timing', toServerTiming({ total }));
  }
  response
    .status(record.status)
    .type('json')
    .send(toJson(toErrorBody(record)));
};

function setRetryHeaders(response: Response, { code, retryAfterSeconds = 0 }: ErrorRecord): void {
  if (retryAfterSeconds > 0) response.setHeader('retry-after', Math.ceil(retryAfterSeconds));
  if (HOPELESS.has(code) || retryAfterSeconds > MAX_OBEYED_SECONDS) {
    response.setHeader('x-should-retry', 'false');
  }
}
