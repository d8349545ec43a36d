import { type JobEvent, isContent, isTerminal, type Plan, toErrorRecord } from '@aistudio/core';
import { type Request, type Response } from 'express';

import { announce, inHeaders, takesTrailers } from './answer-headers.ts';
import { type Answer, type Ask, type Question } from './ask.ts';
import { contextOf } from './context.ts';
import { type Download } from './download/download.ts';
import { repeatOf } from './fingerprint.ts';
import { newChatId } from './identify.ts';
import { type Envelope, type ReasoningOptions } from './openai/answer.ts';
import { backgroundTaskOf } from './openai/background-task.ts';
import { type ChunkOptions } from './openai/chat-chunks.ts';
import { type ChatRequest } from './openai/chat-request.ts';
import { checkOutput, InvalidOutputError, toRepair } from './openai/check-output.ts';
import { toErrorBody } from './openai/error-body.ts';
import { findModel } from './openai/find-model.ts';
import { refuseIgnored } from './openai/ignored-params.ts';
import { fetchFiles } from './openai/remote-file.ts';
import { toPlan } from './openai/to-plan.ts';
import { type SettingDefaults } from './openai/to-settings.ts';
import { reportFailure } from './report-failure.ts';
import { type ListModels } from './routes/models.ts';
import { sendJson } from './send-json.ts';
import { COMMENT, sendEvents, toFrame } from './sse.ts';
import { withUsage } from './usage/estimate-usage.ts';

/** What a chat needs of the rest of the process. */
export interface ChatOptions {
  readonly ask: Ask;
  readonly listModels: ListModels;
  readonly download: Download;
  readonly defaults: SettingDefaults;
  /** Whether a parameter that cannot shape the answer as it should is refused. */
  readonly isStrict: boolean;
  /** Whether an answer that breaks its response_format is asked for once more, if not streamed. */
  readonly repairsJson: boolean;
  readonly keepAlive: KeepAlive;
  /** Whether thinking goes out under two names (S-14). */
  readonly mirrorsReasoning: boolean;
}

/** How a client is kept waiting. */
export interface KeepAlive {
  /** Longest silence of a stream, ms. */
  readonly everyMs: number;
  /** With comments, which are no events, or with chunks that say nothing, for clients that trip over comments. */
  readonly style: 'comment' | 'chunk';
  /** How long an answer in one piece may take before blank lines go ahead of it, ms; 0 = any time. */
  readonly jsonAfterMs: number;
}

/** How an endpoint writes an answer down. Both throw the job's error as a RecordedError. */
export interface AnswerFormat {
  /** In one piece: a JSON body. */
  whole(
    events: AsyncIterable<JobEvent>,
    envelope: Envelope,
    options: ReasoningOptions,
  ): Promise<object>;
  /** In pieces: the data of server-sent events. */
  pieces(
    events: AsyncIterable<JobEvent>,
    envelope: Envelope,
    options: ChunkOptions,
  ): AsyncIterable<string>;
  /** A piece with nothing in it. */
  idle(envelope: Envelope, options: ChunkOptions): string;
}

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
  const { ask, listModels, download, defaults, isStrict, keepAlive, mirrorsReasoning } = options;
  const context = contextOf(response);
  const { id, acceptedAt, caller, account, log } = context;
  const model = findModel((await listModels()).models, chat.model);
  account.model = model.id;
  const planned = toPlan(chat, model, defaults);
  if (isStrict) refuseIgnored(planned.ignored);
  announce(response, planned);

  signal.throwIfAborted(); // nobody is there any more to ask for
  const plan = (): Promise<Plan> => fetchFiles(planned.plan, download, signal);
  const isStreamed = chat.stream === true;
  const repeat = await repeatOf(request, planned.plan);
  const task = backgroundTaskOf(planned.plan.turns);
  if (task) account.backgroundTask = task;
  const question = {
    id,
    acceptedAt,
    model: model.id,
    caller,
    isBackground: task !== undefined,
    plan,
    signal,
    isStreamed,
    repeat,
  };
  const answer = await ask(question);
  account.job = answer;
  response.setHeader('x-request-id', answer.id); // a repeated request goes by the first one's
  const envelope = {
    id: answer.id,
    created: Math.floor(answer.acceptedAt / 1000),
    model: model.id,
  };
  const eventsOf = (given: Answer, releases: typeof releasesStatus): AsyncIterable<JobEvent> => {
    const events = withUsage(given.events, given.plan ?? planned.plan);
    const inOrder = inHeaders(response, { ...given, events }, planned, releases);
    return checkOutput(inOrder, planned.plan.settings.structuredOutput);
  };
  if (!isStreamed) {
    const whole = (given: Answer): Promise<object> =>
      format.whole(eventsOf(given, isTerminal), envelope, { mirrorsReasoning });
    const body = whole(answer).catch(async (error: unknown) => {
      if (!options.repairsJson || !(error instanceof InvalidOutputError)) throw error;
      const repair = toRepairQuestion(question, answer, error);
      log.info('asking once more for an answer in its form', { job: repair.id });
      return whole(await ask(repair));
    });
    await sendJson(response, body, {
      afterMs: keepAlive.jsonAfterMs,
      everyMs: keepAlive.everyMs,
      keepFailure: (error) => answer.keepFailure(toErrorRecord(error)),
    });
    return;
  }
  const style = { includeUsage: chat.stream_options?.include_usage === true, mirrorsReasoning };
  const events = eventsOf(answer, releasesStatus);
  await sendEvents(response, format.pieces(events, envelope, style), {
    keepAliveMs: keepAlive.everyMs,
    ...(takesTrailers(request) ? { trailer: 'server-timing' } : {}),
    keepAlive: keepAlive.style === 'comment' ? COMMENT : toFrame(format.idle(envelope, style)),
    signal,
    giveUpAt: answer.endsBy,
    toFailure: (error) => JSON.stringify(toErrorBody(reportFailure(context, error))),
  });
}

/** Whether a stream's status line may go out with this event. */
const releasesStatus = (event: JobEvent): boolean => isContent(event) || isTerminal(event);

/** Asks for the answer once more, as a job of its own that a repeated request joins as it did the first. */
function toRepairQuestion(question: Question, answer: Answer, error: InvalidOutputError): Question {
  const { repeat } = question;
  return {
    ...question,
    id: newChatId(),
    acceptedAt: Date.now(),
    plan: async () => toRepair(answer.plan ?? (await question.plan()), error),
    repeat: repeat && { ...repeat, fingerprint: `${repeat.fingerprint}-repair` },
  };
}
