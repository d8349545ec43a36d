import { type RequestHandler } from 'express';

import { answerChat } from '../dialects/openai-chat/answer-chat.ts';
import { type ChatOptions } from '../dialects/openai-chat/chat-options.ts';
import { withModel } from '../dialects/openai-chat/parse-chat.ts';
import { CompletionRequest, toChat } from '../dialects/openai-completions/request.ts';
import {
  toIdleTextChunk,
  toTextChunks,
  toTextCompletion,
} from '../dialects/openai-completions/response.ts';
import { parseBody } from '../dialects/shared/parse-body.ts';
import { contextOf } from '../http/context.ts';

const format = { whole: toTextCompletion, pieces: toTextChunks, idle: toIdleTextChunk };

/** `POST /v1/completions`, the endpoint before chats, for editors that still use it (M-06). */
export const completions =
  (options: ChatOptions): RequestHandler =>
  (request, response) => {
    const body = withModel(request.body, contextOf(response).pathModel);
    const chat = toChat(parseBody(CompletionRequest, body));
    return answerChat(chat, format, options, request, response);
  };
