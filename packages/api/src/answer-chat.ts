import { type JobEvent, isContent, isTerminal } from '@aistudio/core';
import { type Request, type Response } from 'express';

import { type Answer, type Ask } from './ask.ts';
import { contextOf } from './context.ts';
import { type Download } from './download/download.ts';
import { repeatOf } from './fingerprint.ts';
import { type Envelope } from './openai/answer.ts';
import { type ChatRequest } from './openai/chat-request.ts';
import { toErrorBody } from './openai/error-body.ts';
import { findModel } from './openai/find-model.ts';
import { refuseIgnored } from './openai/ignored-params.ts';
import { fetchFiles } from './openai/remote-file.ts';
import { type Planned, toPlan } from './openai/to-plan.ts';
import { type SettingDefaults } from './openai/to-settings.ts';
import { reportFailure } from './report-failure.ts';
import { type ListModels } from './routes/models.ts';
import { toServerTiming } from './server-timing.ts';
import { sendEvents } from './sse.ts';

/** What a chat needs of the rest of the process. */
export interface ChatOptions {
  readonly ask: Ask;
  readonly listModels: ListModels;
  readonly download: Download;
  readonly defaults: SettingDefaults;
  /** Whether a parameter that cannot shape the answer as it should is refused. */
  readonly isStrict: boolean;
  /** Longest silence of a stream, ms. */
  readonly keepAliveMs: number;
}

/** How an endpoint writes an answer down. Both throw the job's error as a RecordedError. */
export interface AnswerFormat {
  /** In one piece: a JSON body. */
  whole(events: AsyncIterable<JobEvent>, envelope: Envelope): Promise<object>;
  /** In pieces: the data of server-sent events. */
  pieces(
    events: AsyncIterable<JobEvent>,
    envelope: Envelope,
    options: { readonly includeUsage: boolean },
  ): AsyncIterable<string>;
}

/** Has a chat answered, streamed or not. Whatever it throws, the error middleware answers. */
export async function answerChat(
  chat: ChatRequest,
  format: AnswerFormat,
  { ask, listModels, download, defaults, isStrict, keepAliveMs }: ChatOptions,
  request: Request,
  response: Response,
): Promise<void> {
  const { id, acceptedAt, log } = contextOf(response);
  const model = findModel((await listModels()).models, chat.model);
  const planned = toPlan(chat, model, defaults);
  if (isStrict) refuseIgnored(planned.ignored);
  announce(response, planned);

  const client = new AbortController();
  response.once('close', () => client.abort());
  const { signal } = client;
  const plan = await fetchFiles(planned.plan, download, signal);
  const isStreamed = chat.stream === true;
  const repeat = repeatOf(request);
  const answer = await ask({ id, acceptedAt, plan, signal, isStreamed, repeat });
  response.setHeader('x-request-id', answer.id); // a repeated request goes by the first one's
  const envelope = {
    id: answer.id,
    created: Math.floor(answer.acceptedAt / 1000),
    model: model.id,
  };
  if (!isStreamed) {
    response.json(await format.whole(inHeaders(response, answer, isTerminal), envelope));
    return;
  }
  const includeUsage = chat.stream_options?.include_usage === true;
  if (takesTrailers(request)) response.setHeader('trailer', 'server-timing');
  const events = inHeaders(response, answer, (event) => isContent(event) || isTerminal(event));
  await sendEvents(response, format.pieces(events, envelope, { includeUsage }), {
    keepAliveMs,
    signal,
    toFailure: (error) => JSON.stringify(toErrorBody(reportFailure(log, error))),
  });
}

/** Says what of the request has no effect (openai-behaviours R-05) and what was changed. */
function announce(response: Response, { ignored, warnings }: Planned): void {
  const sendable = ignored.filter((name) => /^[\w.-]{1,64}$/.test(name)).slice(0, 30);
  if (sendable.length > 0) response.setHeader('x-ignored-params', sendable.join(', '));
  if (warnings.length > 0) response.setHeader('x-aistudio-warnings', warnings.join('; '));
}

/**
 * Passes the events on. While the headers are open they say which tier serves them and, from the
 * first event for which `releases` holds, how long each phase took; a trailer says it at the end.
 */
async function* inHeaders(
  response: Response,
  answer: Answer,
  releases: (event: JobEvent) => boolean,
): AsyncGenerator<JobEvent> {
  let isReleased = false;
  for await (const event of answer.events) {
    const tier =
      event.type === 'started' ? event.tier : event.type === 'tier_changed' ? event.to : undefined;
    if (tier && !response.headersSent) response.setHeader('x-aistudio-tier', tier);
    if (!isReleased && !response.headersSent && releases(event)) {
      response.setHeader('server-timing', toServerTiming(await answer.phases()));
      isReleased = true;
    }
    if (isTerminal(event) && response.headersSent && response.hasHeader('trailer')) {
      response.addTrailers({ 'server-timing': toServerTiming(await answer.phases()) });
    }
    yield event;
  }
}

/** Whether the client reads what comes behind the body; many do not expect anything there. */
const takesTrailers = (request: Request): boolean => /\btrailers\b/i.test(request.get('te') ?? '');
