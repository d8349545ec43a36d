import { randomUUID } from 'node:crypto';

import { type Log } from '@aistudio/core';
import { type RequestHandler } from 'express';
import onHeaders from 'on-headers';

import { ANONYMOUS } from '../keys/caller.ts';
import { type EndedRequest, endRequest } from '../monitoring/end-request.ts';
import { setContext } from './context.ts';
import { normalisePath } from './normalise-path.ts';

/** How the ids of prompts begin; the job's id is this and 32 hex digits. */
export const CHAT_ID_PREFIX = 'chatcmpl-';

/** The id of a prompt, and of its job. */
export const newChatId = (): string => CHAT_ID_PREFIX + randomUUID().replaceAll('-', '');

/** What starts a job. */
const JOB_PATHS: ReadonlySet<string> = new Set(['/v1/chat/completions', '/v1/completions']);

/**
 * Gives the request its one spelling of the path, its id and its log, and tells `observe` when it is
 * over. The id goes out as `x-request-id` on every answer (openai-behaviours E-06), and so does the
 * time until then as `openai-processing-ms` (E-06b).
 */
export const identify =
  (log: Log, observe: (ended: EndedRequest) => void): RequestHandler =>
  (request, response, next) => {
    const acceptedAt = Date.now();
    const { url, model } = normalisePath(request.url);
    request.url = url;
    const { path } = request;
    const isPrompt = JOB_PATHS.has(path);
    const id = isPrompt ? newChatId() : `req-${randomUUID().replaceAll('-', '')}`;
    const record = { fallbacks: [] };
    setContext(response, {
      id,
      acceptedAt,
      log: log.child({ requestId: id }),
      caller: ANONYMOUS,
      record,
      pathModel: model,
    });
    response.setHeader('x-request-id', id);
    onHeaders(response, () => {
      response.setHeader('openai-processing-ms', Date.now() - acceptedAt);
    });
    response.once('close', () => {
      void endRequest(request, response, { path, isPrompt }).then(observe);
    });
    next();
  };
