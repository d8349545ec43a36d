import { type RequestHandler } from 'express';

import { contextOf } from '../http/context.ts';
import { CHAT_ID_PREFIX } from '../http/request-id.ts';
import { type Cancel } from '../jobs/cancel.ts';
import { type ListPrompts } from '../jobs/queue/list-prompts.ts';

/** `GET /v1/queue`: what waits and what runs of the caller's prompts; with the admin key, of everybody's. */
export const queue =
  (listPrompts: ListPrompts): RequestHandler =>
  async (_request, response) => {
    const { caller } = contextOf(response);
    const prompts = await listPrompts();
    response.json({
      object: 'list',
      data: prompts
        .filter(({ owner }) => caller.isAdmin || owner === caller.id)
        .map(({ id, owner, model, isBackground, position, waitingMs, startsInMs }) => ({
          req_id: id,
          state: position === 0 ? 'running' : 'queued',
          position,
          model,
          waiting_ms: waitingMs,
          estimated_start_ms: startsInMs ?? null,
          background: isBackground,
          key_id: owner,
        })),
    });
  };

/** `POST /v1/cancel/{req_id}`, with or without the id's prefix. `cancelled`: false when it was over. */
export const cancelPrompt =
  (cancel: Cancel): RequestHandler<{ id: string }> =>
  async ({ params: { id: given } }, response) => {
    const id = given.startsWith(CHAT_ID_PREFIX) ? given : CHAT_ID_PREFIX + given;
    const cancelled = await cancel(id, contextOf(response).caller);
    response.json({ object: 'request.cancellation', req_id: id, cancelled });
  };
