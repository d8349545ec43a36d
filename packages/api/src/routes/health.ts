import { type RequestHandler } from 'express';

import { type Health } from '../monitoring/health.ts';
import { type Served } from '../monitoring/metrics.ts';

/**
 * `GET /health` and `GET /health/ready`: 200 while prompts are answered (`ok`, or `degraded` where
 * something is missing), else 503; each part by name,
 * the tiers that would be tried, and those that gave this process's answers.
 */
export const health =
  (readHealth: () => Promise<Health>, served: () => Served): RequestHandler =>
  async (_request, response) => {
    const found = await readHealth();
    response.status(found.ready ? 200 : 503).json({ ...found, answers: served() });
  };

/** `GET /health/live`: 200 as long as this process answers at all. */
export const live: RequestHandler = (_request, response) => {
  response.json({ status: 'ok', live: true });
};
