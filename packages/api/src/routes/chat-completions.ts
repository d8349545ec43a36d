import { type RequestHandler } from 'express';

import { answerChat } from '../answer-chat.ts';
import { type ChatOptions } from '../chat-options.ts';
import { contextOf } from '../context.ts';
import { toChunks, toIdleChunk } from '../openai/chat-chunks.ts';
import { toCompletion } from '../openai/chat-completion.ts';
import { parseChat, withModel } from '../openai/parse-chat.ts';

const format = { whole: toCompletion, pieces: toChunks, idle: toIdleChunk };

/** `POST /v1/chat/completions`. Whatever it throws, the error middleware answers. */
export const chatCompletions =
  (options: ChatOptions): RequestHandler =>
  (request, response) => {
    const chat = parseChat(withModel(request.body, contextOf(response).pathModel));
    return answerChat(chat, format, options, request, response);
  };
