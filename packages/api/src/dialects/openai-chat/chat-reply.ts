import { type JobEvent, isContent, isTerminal, toErrorRecord } from '@aistudio/core';
import { type Request, type Response } from 'express';

import { inHeaders, takesTrailers } from '../../http/answer-headers.ts';
import { contextOf } from '../../http/context.ts';
import { reportFailure } from '../../http/report-failure.ts';
import { newChatId } from '../../http/request-id.ts';
import { sendJson } from '../../http/send-json.ts';
import { COMMENT, sendEvents, toFrame } from '../../http/sse.ts';
import { toJson } from '../../http/to-json.ts';
import { type RealPrompt } from '../../jobs/background/background-gate.ts';
import { type JobStream, type JobRequest } from '../../jobs/submit-job.ts';
import { withUsage } from '../../tokens/estimate-usage.ts';
import { type Envelope, type WritingOptions } from '../shared/answer.ts';
import { checkOutput, InvalidOutputError, toRepair } from '../shared/check-output.ts';
import { toErrorBody } from '../shared/errors.ts';
import { type AnswerFormat, type ChatOptions } from './chat-options.ts';
import { type Planned } from './to-plan.ts';

/** What a reply is made of. */
export interface ReplyParts {
  readonly question: JobRequest;
  readonly planned: Planned;
  /** Absent: a background prompt, which lets real ones go first. */
  readonly real: RealPrompt | undefined;
  readonly format: AnswerFormat;
  readonly writing: WritingOptions;
  readonly options: ChatOptions;
  readonly request: Request;
  readonly response: Response;
}

/**
 * The reply to one chat. The client is kept waiting from the moment on at which the reply is sent: files
 * may have to be fetched before the prompt is asked.
 */
export class ChatReply {
  readonly #parts: ReplyParts;
  #envelope: Envelope;
  #answer: JobStream | undefined;

  constructor(parts: ReplyParts) {
    const { id, acceptedAt, model } = parts.question;
    this.#parts = parts;
    this.#envelope = { id, created: toSeconds(acceptedAt), model };
  }

  /** Sends the answer in one piece. Throws what failed. */
  async sendWhole(): Promise<void> {
    const { response, options } = this.#parts;
    await sendJson(response, this.#whole(), {
      afterMs: options.keepAlive.jsonAfterMs,
      everyMs: options.keepAlive.everyMs,
      keepFailure: async (error) => this.#answer?.keepFailure(toErrorRecord(error)),
    });
  }

  /** Sends the answer as it comes. Throws what failed before anything was sent. */
  async sendStream(includeUsage: boolean): Promise<void> {
    const { format, writing, options, question, request, response } = this.#parts;
    const { keepAlive } = options;
    const style = { ...writing, includeUsage };
    const begin = async (): Promise<AsyncIterable<string>> => {
      const answer = await this.#begin();
      return format.pieces(this.#events(answer, releasesStatus), this.#envelope, style);
    };
    const pieces = async function* (): AsyncGenerator<string> {
      yield* await begin();
    };
    await sendEvents(response, pieces(), {
      keepAliveMs: keepAlive.everyMs,
      ...(takesTrailers(request) ? { trailer: 'server-timing' } : {}),
      keepAlive: () =>
        keepAlive.style === 'comment' ? COMMENT : toFrame(format.idle(this.#envelope, style)),
      signal: question.signal,
      giveUpAt: () => this.#answer?.endsBy ?? Date.now(),
      toFailure: (error) => toJson(toErrorBody(reportFailure(contextOf(response), error))),
    });
  }

  async #begin(): Promise<JobStream> {
    const { question, real, options, response } = this.#parts;
    if (!real) await options.background.hold(question.signal);
    const answer = await options.ask(question);
    this.#answer = answer;
    if (!response.closed) real?.entered();
    contextOf(response).record.job = answer;
    const { id, acceptedAt } = answer;
    this.#envelope = { ...this.#envelope, id, created: toSeconds(acceptedAt) };
    if (!response.headersSent) response.setHeader('x-request-id', id); // a repeated request goes by the first one's
    return answer;
  }

  #events(answer: JobStream, releases: (event: JobEvent) => boolean): AsyncIterable<JobEvent> {
    const { planned, response } = this.#parts;
    const events = withUsage(answer.events, answer.plan ?? planned.plan);
    const inOrder = inHeaders(response, { ...answer, events }, planned, releases);
    return checkOutput(inOrder, planned.plan);
  }

  async #whole(): Promise<object> {
    const { format, writing, question, options, response } = this.#parts;
    const write = (answer: JobStream): Promise<object> =>
      format.whole(this.#events(answer, isTerminal), this.#envelope, writing);
    const first = await this.#begin();
    try {
      return await write(first);
    } catch (error) {
      if (!options.repairsJson || !(error instanceof InvalidOutputError)) throw error;
      const repair = toRepairQuestion(question, first, error);
      const { log } = contextOf(response);
      log.info('asking once more for an answer in its form', { job: repair.id });
      return write(await options.ask(repair));
    }
  }
}

const toSeconds = (ms: number): number => Math.floor(ms / 1000);

/** Whether a stream's status line may go out with this event. */
const releasesStatus = (event: JobEvent): boolean => isContent(event) || isTerminal(event);

/** Asks for the answer once more, as a job of its own that a repeated request joins as it did the first. */
function toRepairQuestion(
  question: JobRequest,
  answer: JobStream,
  error: InvalidOutputError,
): JobRequest {
  const { repeat } = question;
  return {
    ...question,
    id: newChatId(),
    acceptedAt: Date.now(),
    plan: async () => toRepair(answer.plan ?? (await question.plan()), error),
    repeat: repeat && { ...repeat, fingerprint: `${repeat.fingerprint}-repair` },
  };
}
