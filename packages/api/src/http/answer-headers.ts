import { type JobEvent, isTerminal } from '@aistudio/core';
import { type Request, type Response } from 'express';

import { type Planned } from '../dialects/openai-chat/to-plan.ts';
import { type JobStream } from '../jobs/submit-job.ts';
import { noteEvent } from '../monitoring/request-record.ts';
import { toServerTiming, withTotal } from '../monitoring/server-timing.ts';
import { contextOf } from './context.ts';

/** Says what of the request has no effect (openai-behaviours R-05) and what was changed. */
export function announce(response: Response, { ignored, warnings }: Planned): void {
  const sendable = ignored.filter((name) => /^[\w.-]{1,64}$/.test(name)).slice(0, 30);
  if (sendable.length > 0) response.setHeader('x-ignored-params', sendable.join(', '));
  warn(response, warnings);
}

function warn(response: Response, warnings: readonly string[]): void {
  const text = warnings.join('; ').replaceAll(/[^\x20-\x7e]/g, '?');
  if (text !== '') response.setHeader('x-aistudio-warnings', text);
}

/**
 * Passes the events on, each noted in the request's record. While the headers are open they say which
 * tier serves them, what it could not do, whether the usage is an estimate and, from the first event
 * for which `releases` holds, how long each phase took; a trailer says it at the end.
 */
export async function* inHeaders(
  response: Response,
  answer: JobStream,
  { warnings }: Planned,
  releases: (event: JobEvent) => boolean,
): AsyncGenerator<JobEvent> {
  const { record, acceptedAt } = contextOf(response);
  const timing = async (isOver: boolean): Promise<string> => {
    const phases = await answer.phases();
    return toServerTiming(isOver ? withTotal(phases, Date.now() - acceptedAt) : phases);
  };
  let isReleased = false;
  let said = warnings;
  for await (const event of answer.events) {
    noteEvent(record, event, Date.now() - acceptedAt);
    if (!response.headersSent) {
      if (event.type === 'started') response.setHeader('x-aistudio-tier', event.tier);
      if (event.type === 'tier_changed') response.setHeader('x-aistudio-tier', event.to);
      if (event.type === 'started') said = [...warnings, ...(event.warnings ?? [])];
      if (event.type === 'usage' && !event.exact) said = [...said, 'usage is estimated'];
      if (event.type === 'started' || event.type === 'usage') warn(response, said);
    }
    if (!isReleased && !response.headersSent && releases(event)) {
      isReleased = true;
      const phases = await timing(isTerminal(event));
      if (!response.headersSent) response.setHeader('server-timing', phases); // a blank line was not faster
    }
    if (isTerminal(event) && response.headersSent && response.hasHeader('trailer')) {
      response.addTrailers({ 'server-timing': await timing(true) });
    }
    yield event;
  }
}

/**
 * Whether the client reads what comes behind the body: it must say so, and only a chunked body, which
 * HTTP/1.0 does not have, can carry it.
 */
export const takesTrailers = (request: Request): boolean =>
  request.httpVersion !== '1.0' && /\btrailers\b/i.test(request.get('te') ?? '');
