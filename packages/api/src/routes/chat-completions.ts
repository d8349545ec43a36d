import { type RequestHandler } from 'express';

import { answerChat, type ChatOptions } from '../answer-chat.ts';
import { toChunks, toIdleChunk } from '../openai/chat-chunks.ts';
import { toCompletion } from '../openai/chat-completion.ts';
import { parseChat } from '../openai/parse-chat.ts';

const format = { whole: toCompletion, pieces: toChunks, idle: toIdleChunk };

/** `POST /v1/chat/completions`. Whatever it throws, the error middleware answers. */
export const chatCompletions =
  (options: ChatOptions): RequestHandler =>
  (request, response) =>
    answerChat(parseChat(request.body), format, options, request, response);
