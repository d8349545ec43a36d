import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

/** How a service answers a request; `body` is the request's. */
export type HelperAnswer = (response: ServerResponse, body: unknown) => void;

/** A service with OpenAI chat completions, as a helper of the system. */
export interface HelperService extends AsyncDisposable {
  /** For HELPER_ENDPOINT. */
  readonly url: string;
  /** What it was asked, oldest first; may be emptied. */
  requests: { readonly headers: IncomingHttpHeaders; readonly body: unknown }[];
  /** What it does with its next requests. */
  answer: HelperAnswer;
}

/** Starts it on a free port. */
export async function startHelper(answer: HelperAnswer): Promise<HelperService> {
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      service.requests.push({ headers: request.headers, body });
      return service.answer(response, body);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined; // a pipe has a string
  const service: HelperService = {
    url: `http://127.0.0.1:${port}/v1`,
    requests: [],
    answer,
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
  return service;
}

const chunk = (fields: object): string => `data: ${JSON.stringify(fields)}\n\n`;

/** The head of a streamed reply. */
export const SSE = { 'content-type': 'text/event-stream' };

/** A piece of an answer, as it is streamed. */
export const piece = (content: string): string =>
  chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });

/** The end of an answer, as it is streamed. */
export const finish =
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) + 'data: [DONE]\n\n';
