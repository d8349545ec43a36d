import { type RequestHandler } from 'express';

import { type Health } from '../monitoring/health.ts';

/** What does not change while the process runs. Nothing in it is secret. */
export interface Installation {
  readonly version: string;
  /** Name of the signed-in profile; null: none. */
  readonly profile: string | null;
  /** As `GET /api/info` calls them: counts, bytes, and milliseconds where the name ends in `_ms`. */
  readonly limits: Readonly<Record<string, number>>;
}

/** `GET /api/info`: what this server is, for people and their dashboards. */
export const info =
  (
    installation: Installation,
    isKeyAsked: () => Promise<boolean>,
    readHealth: () => Promise<Health>,
  ): RequestHandler =>
  async (request, response) => {
    const [{ ready, tiers, parts }, isAsked] = await Promise.all([readHealth(), isKeyAsked()]);
    const { version, profile, limits } = installation;
    response.json({
      name: 'AI Studio Proxy API',
      version,
      uptime_seconds: Math.floor(process.uptime()),
      base_url: `${request.protocol}://${request.host}/v1`,
      ready,
      tiers,
      models: parts.models.count,
      profile,
      page_packs: namesOfPacks(parts),
      keys_required: isAsked,
      limits,
    });
  };

/** The page packs that any browser driver uses, each once. */
const namesOfPacks = (parts: Health['parts']): string[] => [
  ...new Set(
    parts['browser-driver'].instances.flatMap(({ detail }) => detail.pagePacks?.packs ?? []),
  ),
];
