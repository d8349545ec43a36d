import { type RequestHandler } from 'express';

import { type Cancel } from '../cancel.ts';
import { CHAT_ID_PREFIX } from '../identify.ts';
import { type QueuedPrompt } from '../prompt-queue.ts';

/** `GET /v1/queue`: what waits and what runs. */
export const queue =
  (listPrompts: () => Promise<readonly QueuedPrompt[]>): RequestHandler =>
  async (_request, response) => {
    const prompts = await listPrompts();
    response.json({
      object: 'list',
      data: prompts.map(({ id, model, position, waitingMs }) => ({
        req_id: id,
        state: position === 0 ? 'running' : 'queued',
        position,
        model,
        waiting_ms: waitingMs,
      })),
    });
  };

/** `POST /v1/cancel/{req_id}`, with or without the id's prefix. `cancelled`: false when it was over. */
export const cancelPrompt =
  (cancel: Cancel): RequestHandler<{ id: string }> =>
  async ({ params: { id: given } }, response) => {
    const id = given.startsWith(CHAT_ID_PREFIX) ? given : CHAT_ID_PREFIX + given;
    response.json({ object: 'request.cancellation', req_id: id, cancelled: await cancel(id) });
  };
