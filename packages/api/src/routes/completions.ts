import { type RequestHandler } from 'express';

import { answerChat } from '../answer-chat.ts';
import { type ChatOptions } from '../chat-options.ts';
import { contextOf } from '../context.ts';
import { CompletionRequest, toChat } from '../openai/completion-request.ts';
import { parseBody } from '../openai/parse-body.ts';
import { withModel } from '../openai/parse-chat.ts';
import { toIdleTextChunk, toTextChunks, toTextCompletion } from '../openai/text-completion.ts';

const format = { whole: toTextCompletion, pieces: toTextChunks, idle: toIdleTextChunk };

/** `POST /v1/completions`, the endpoint before chats, for editors that still use it (M-06). */
export const completions =
  (options: ChatOptions): RequestHandler =>
  (request, response) => {
    const body = withModel(request.body, contextOf(response).pathModel);
    const chat = toChat(parseBody(CompletionRequest, body));
    return answerChat(chat, format, options, request, response);
  };
