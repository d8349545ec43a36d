import { type RequestHandler } from 'express';

import { answerChat } from '../dialects/openai-chat/answer-chat.ts';
import { type ChatOptions } from '../dialects/openai-chat/chat-options.ts';
import { parseChat, withModel } from '../dialects/openai-chat/parse-chat.ts';
import { toCompletion } from '../dialects/openai-chat/response.ts';
import { toChunks, toIdleChunk } from '../dialects/openai-chat/stream.ts';
import { contextOf } from '../http/context.ts';

const format = { whole: toCompletion, pieces: toChunks, idle: toIdleChunk };

/** `POST /v1/chat/completions`. Whatever it throws, the error middleware answers. */
export const chatCompletions =
  (options: ChatOptions): RequestHandler =>
  (request, response) => {
    const chat = parseChat(withModel(request.body, contextOf(response).pathModel));
    return answerChat(chat, format, options, request, response);
  };
