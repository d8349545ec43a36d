import { StudioError } from '@aistudio/core';
import { type Request, type RequestHandler } from 'express';

const CHAT = 'use /v1/chat/completions';

/** What OpenAI and others have and this server has not, and what to do instead (openai-behaviours M-05). */
const UNSUPPORTED: readonly [path: string, instead: string][] = [
  ['/v1/responses', CHAT],
  ['/v1/messages', CHAT],
  ['/v1/conversations', CHAT],
  ['/v1/chat/completions', 'answers are not stored; ask again'],
  ['/v1/embeddings', 'use another provider for embeddings'],
  ['/v1/rerank', 'use another provider for that'],
  ['/v1/images', 'ask an image model through /v1/chat/completions'],
  ['/v1/videos', 'use another provider for videos'],
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
  ['/v1beta', CHAT],
  ...['chat', 'generate', 'tags', 'show', 'ps', 'version', 'embed', 'embeddings', 'pull'].map(
    (name): [string, string] => [`/api/${name}`, 'set the client up for OpenAI, not for Ollama'],
  ),
];

/** Answers a known path's other methods: 405 with the `allow`ed ones (openai-behaviours E-05). */
export const methodNotAllowed =
  (allow: string): RequestHandler =>
  (request, response) => {
    if (isGeminiCall(request.path)) throw unsupported(sentPath(request), CHAT);
    response.setHeader('allow', allow);
    throw new StudioError(
      'method_not_allowed',
      `${request.method} ${sentPath(request)} is not allowed; it takes ${allow}.`,
    );
  };

/** Answers every path that no route knows (openai-behaviours E-05). */
export const unknownUrl: RequestHandler = (request) => {
  const { method, path } = request;
  const known = UNSUPPORTED.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`));
  if (known) throw unsupported(known[0], known[1]);
  throw new StudioError('unknown_url', `Unknown request URL: ${method} ${sentPath(request)}.`);
};

/** A 400: agents repeat what is answered with 404 or 501, some of them many times. */
const unsupported = (path: string, instead: string): StudioError =>
  new StudioError('unsupported_endpoint', `${path} is not offered by this server: ${instead}.`);

/** `/v1/models/{model}:generateContent` and the like, as Google's own SDKs ask (api-dialects G-01). */
const isGeminiCall = (path: string): boolean => /^\/v1\/models\/.+:\w+$/.test(path);

/** The path as the client wrote it, without its query, which may hold a key. */
const sentPath = ({ originalUrl }: Request): string =>
  (originalUrl.split('?', 1)[0] ?? '').slice(0, 300);
