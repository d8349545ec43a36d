import { randomUUID } from 'node:crypto';

import { type Log } from '@aistudio/core';
import { type RequestHandler } from 'express';
import onHeaders from 'on-headers';

import { contextOf, setContext } from './context.ts';
import { normalisePath } from './normalise-path.ts';

/** How the ids of prompts begin; the job's id is this and 32 hex digits. */
export const CHAT_ID_PREFIX = 'chatcmpl-';

/** What starts a job. */
const JOB_PATHS: ReadonlySet<string> = new Set(['/v1/chat/completions', '/v1/completions']);
const QUIET_PATHS: ReadonlySet<string> = new Set(['/', '/health']);

/**
 * Gives the request its one spelling of the path, its id and its log, and writes one line when it is
 * over. The id goes out as `x-request-id` on every answer (openai-behaviours E-06), and so does the
 * time until then as `openai-processing-ms` (E-06b).
 */
export const identify =
  (log: Log): RequestHandler =>
  (request, response, next) => {
    const acceptedAt = Date.now();
    request.url = normalisePath(request.url);
    const { method, path } = request;
    const id = (JOB_PATHS.has(path) ? CHAT_ID_PREFIX : 'req-') + randomUUID().replaceAll('-', '');
    setContext(response, { id, acceptedAt, log: log.child({ requestId: id }) });
    response.setHeader('x-request-id', id);
    onHeaders(response, () => {
      response.setHeader('openai-processing-ms', Date.now() - acceptedAt);
    });
    response.once('close', () => {
      contextOf(response).log.log(QUIET_PATHS.has(path) ? 'debug' : 'info', 'request over', {
        method,
        path,
        status: response.statusCode,
        ms: Date.now() - acceptedAt,
        isComplete: response.writableFinished,
        timing: response.getHeader('server-timing'),
        clientRequestId: request.get('x-request-id')?.slice(0, 100),
      });
    });
    next();
  };
