import { type RequestHandler } from 'express';

import { type Load } from '../jobs/load.ts';
import { type Health } from '../monitoring/health.ts';
import { type Metrics } from '../monitoring/metrics.ts';

/** `GET /metrics`, for Prometheus. */
export const metricsPage =
  (
    metrics: Metrics,
    readHealth: () => Promise<Health>,
    readLoad: () => Promise<Load | undefined>,
  ): RequestHandler =>
  async (_request, response) => {
    const [health, load] = await Promise.all([readHealth(), readLoad()]);
    const page = await metrics.render({ health, load });
    response.setHeader('content-type', metrics.contentType);
    response.send(page);
  };
