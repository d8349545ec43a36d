import { type JobPhases } from '@aistudio/core';
import { type Request, type Response } from 'express';

import { contextOf } from '../http/context.ts';
import { inTime } from '../http/in-time.ts';
import { type RequestRecord } from './request-record.ts';
import { withTotal } from './server-timing.ts';

/** How long a job's phases may be waited for, ms. */
const PHASES_LIMIT_MS = 1000;
const QUIET_PATHS: ReadonlySet<string> = new Set([
  '/',
  '/health',
  '/health/live',
  '/health/ready',
  '/metrics',
]);

/** One request that is over. */
export interface EndedRequest {
  /** The route's pattern; undefined: refused before any, or none knows the path. */
  readonly route: string | undefined;
  /** `ok`, the code of the error that the client was told, or `client_closed`: it left before the end. */
  readonly outcome: string;
  readonly record: RequestRecord;
  /** What a prompt's way took; its total is always there. Undefined: the request was no prompt. */
  readonly phases: JobPhases | undefined;
}

/** What the request is, in the spelling that the routes know. */
export interface RequestKind {
  readonly path: string;
  /** Whether it asks for an answer. */
  readonly isPrompt: boolean;
}

/**
 * Settles a request whose response has closed: writes its one line to the log, once its job has said
 * what its way took. Never throws.
 */
export async function endRequest(
  request: Request,
  response: Response,
  { path, isPrompt }: RequestKind,
): Promise<EndedRequest> {
  const { id, record, acceptedAt, log } = contextOf(response);
  const ms = Date.now() - acceptedAt;
  const isComplete = response.writableFinished;
  const phases = isPrompt ? withTotal(await readPhases(record), ms) : undefined;
  const { job, fallbacks, failure, ...known } = record;
  const outcome = failure ?? (isComplete ? 'ok' : 'client_closed');
  log.log(QUIET_PATHS.has(path) ? 'debug' : 'info', 'request over', {
    method: request.method,
    path,
    status: response.statusCode,
    ms,
    outcome,
    isComplete,
    ...known,
    ...(fallbacks.length > 0 ? { fallbacks } : {}),
    job: job?.id === id ? undefined : job?.id,
    phases,
    clientRequestId: request.get('x-request-id')?.slice(0, 100),
  });
  const route: unknown = request.route?.path; // Express leaves the matched route here
  return { route: typeof route === 'string' ? route : undefined, outcome, record, phases };
}

/** None when Redis does not tell in time: the line must be written all the same. */
async function readPhases({ job }: RequestRecord): Promise<JobPhases> {
  if (!job) return {};
  return inTime(job.phases(), PHASES_LIMIT_MS).catch(() => ({}));
}
