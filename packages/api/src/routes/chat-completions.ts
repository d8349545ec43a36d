import { type JobEvent } from '@aistudio/core';
import { type RequestHandler, type Response } from 'express';

import { type Ask } from '../ask.ts';
import { contextOf } from '../context.ts';
import { toChunks } from '../openai/chat-chunks.ts';
import { toCompletion } from '../openai/chat-completion.ts';
import { ChatRequest } from '../openai/chat-request.ts';
import { toErrorBody } from '../openai/error-body.ts';
import { findModel } from '../openai/find-model.ts';
import { parseBody } from '../openai/parse-body.ts';
import { type Planned, toPlan } from '../openai/to-plan.ts';
import { type SettingDefaults } from '../openai/to-settings.ts';
import { reportFailure } from '../report-failure.ts';
import { sendEvents } from '../sse.ts';
import { type ListModels } from './models.ts';

/** What a chat needs of the rest of the process. */
export interface ChatOptions {
  readonly ask: Ask;
  readonly listModels: ListModels;
  readonly defaults: SettingDefaults;
  /** Longest silence of a stream, ms. */
  readonly keepAliveMs: number;
}

/** `POST /v1/chat/completions`. Whatever it throws, the error middleware answers. */
export const chatCompletions =
  ({ ask, listModels, defaults, keepAliveMs }: ChatOptions): RequestHandler =>
  async (request, response) => {
    const { id, acceptedAt, log } = contextOf(response);
    const chat = parseBody(ChatRequest, request.body);
    const model = findModel((await listModels()).models, chat.model);
    const planned = toPlan(chat, model, defaults);
    announce(response, planned);

    const client = new AbortController();
    response.once('close', () => client.abort());
    const events = showTier(response, ask(id, planned.plan, client.signal));
    const envelope = { id, created: Math.floor(acceptedAt / 1000), model: model.id };
    if (!chat.stream) {
      response.json(await toCompletion(events, envelope));
      return;
    }
    const includeUsage = chat.stream_options?.include_usage === true;
    await sendEvents(response, toChunks(events, envelope, { includeUsage }), {
      keepAliveMs,
      signal: client.signal,
      toFailure: (error) => JSON.stringify(toErrorBody(reportFailure(log, error))),
    });
  };

/** Says what of the request has no effect (openai-behaviours R-05) and what was changed. */
function announce(response: Response, { ignored, warnings }: Planned): void {
  const sendable = ignored.filter((name) => /^[\w.-]{1,64}$/.test(name)).slice(0, 30);
  if (sendable.length > 0) response.setHeader('x-ignored-params', sendable.join(', '));
  if (warnings.length > 0) response.setHeader('x-aistudio-warnings', warnings.join('; '));
}

/** Passes the events on; the tier that serves them goes into the headers while those are open. */
async function* showTier(
  response: Response,
  events: AsyncIterable<JobEvent>,
): AsyncGenerator<JobEvent> {
  for await (const event of events) {
    const tier =
      event.type === 'started' ? event.tier : event.type === 'tier_changed' ? event.to : undefined;
    if (tier && !response.headersSent) response.setHeader('x-aistudio-tier', tier);
    yield event;
  }
}
