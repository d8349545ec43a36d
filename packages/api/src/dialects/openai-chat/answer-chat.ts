import { type Request, type Response } from 'express';

import { fetchFiles } from '../../files/remote-file.ts';
import { announce } from '../../http/answer-headers.ts';
import { contextOf } from '../../http/context.ts';
import { limitRate } from '../../http/rate-limit.ts';
import { repeatOf } from '../../jobs/fingerprint.ts';
import { findModel } from '../../models/find-model.ts';
import { type AnswerFormat, type ChatOptions } from './chat-options.ts';
import { ChatReply } from './chat-reply.ts';
import { refuseIgnored } from './ignored-params.ts';
import { hidesThinking } from './read-thinking.ts';
import { type ChatRequest } from './request.ts';
import { toPlan } from './to-plan.ts';
import { hasLegacyCalls } from './to-tools.ts';

/** Has a chat answered, streamed or not. Whatever it throws, the error middleware answers. */
export async function answerChat(
  chat: ChatRequest,
  format: AnswerFormat,
  options: ChatOptions,
  request: Request,
  response: Response,
): Promise<void> {
  const client = new AbortController();
  response.once('close', () => client.abort()); // it says so once: whoever listens late hears nothing
  if (response.closed) client.abort();
  const { signal } = client;
  const { listModels, download, defaults, isStrict, background, mirrorsReasoning } = options;
  const { id, acceptedAt, caller, record } = contextOf(response);
  const model = findModel((await listModels()).models, chat.model);
  record.model = model.id;
  const planned = toPlan(chat, model, defaults);
  if (isStrict) refuseIgnored(planned.ignored);
  announce(response, planned);

  signal.throwIfAborted(); // nobody is there any more to ask for
  await limitRate(options.takeRequest, response);
  const task = background.recognise(planned.plan, caller.id, request.headers);
  if (task) record.backgroundTask = task;
  const real = task ? undefined : background.begin();
  response.once('close', () => real?.[Symbol.dispose]());
  const question = {
    id,
    acceptedAt,
    model: model.id,
    caller,
    isBackground: task !== undefined,
    plan: () => fetchFiles(planned.plan, download, signal),
    signal,
    isStreamed: chat.stream === true,
    repeat: await repeatOf(request, planned.plan),
  };
  const writing = {
    mirrorsReasoning,
    hidesReasoning: hidesThinking(chat),
    hasLegacyCalls: hasLegacyCalls(chat),
  };
  const parts = { question, planned, real, format, writing, options, request, response };
  const reply = new ChatReply(parts);
  if (!question.isStreamed) return reply.sendWhole();
  return reply.sendStream(chat.stream_options?.include_usage === true);
}
