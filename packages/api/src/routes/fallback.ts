import { StudioError } from '@aistudio/core';
import { type RequestHandler } from 'express';

/** What OpenAI has and this server has not, and what to do instead (openai-behaviours M-05). */
const UNSUPPORTED: readonly [path: string, instead: string][] = [
  ['/v1/embeddings', 'use another provider for embeddings'],
  ['/v1/images', 'ask an image model through /v1/chat/completions'],
  ['/v1/audio', 'send audio as an input_audio part of a chat message'],
  ['/v1/files', 'send files as parts of a chat message'],
  ['/v1/moderations', 'use another provider for moderation'],
  ['/v1/fine_tuning', 'AI Studio has no fine-tuning'],
  ['/v1/fine-tuning', 'AI Studio has no fine-tuning'],
  ['/v1/batches', 'send the requests one by one; they queue'],
  ['/v1/assistants', 'send the conversation to /v1/chat/completions'],
  ['/v1/threads', 'send the conversation to /v1/chat/completions'],
  ['/v1/vector_stores', 'send files as parts of a chat message'],
  ['/v1/uploads', 'send files as parts of a chat message'],
  ['/v1/realtime', 'use /v1/chat/completions with stream: true'],
];

/** Answers a known path's other methods: 405 with the `allow`ed ones (openai-behaviours E-05). */
export const methodNotAllowed =
  (allow: string): RequestHandler =>
  (request, response) => {
    response.setHeader('allow', allow);
    throw new StudioError(
      'method_not_allowed',
      `${request.method} ${request.path} is not allowed; it takes ${allow}.`,
    );
  };

/** Answers every path that no route knows (openai-behaviours E-05). */
export const unknownUrl: RequestHandler = ({ method, path }) => {
  const known = UNSUPPORTED.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`));
  if (!known) throw new StudioError('unknown_url', `Unknown request URL: ${method} ${path}.`);
  throw new StudioError(
    'unsupported_endpoint',
    `${known[0]} is not offered by this server: ${known[1]}.`,
  );
};
