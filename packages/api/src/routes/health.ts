import { type RequestHandler } from 'express';

import { type Health } from '../health.ts';

/** `GET /health`: 200 while a prompt would be answered, else 503; each part by name. */
export const health =
  (readHealth: () => Promise<Health>): RequestHandler =>
  async (_request, response) => {
    const found = await readHealth();
    response.status(found.ready ? 200 : 503).json(found);
  };
