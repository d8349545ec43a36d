import { type RequestHandler } from 'express';

/** `GET /`: the liveness probe of clients that know local servers (openai-behaviours M-03). */
export const root: RequestHandler = (_request, response) => {
  response.type('text/plain').send('AI Studio Proxy API is running. OpenAI clients: use /v1.\n');
};
