import { type Config, type Profile, sessionEndsAt } from '@aistudio/core';
import { z } from 'zod';

import { toDate } from '../setup/profiles.ts';

/** So many models are named; the rest is counted. */
const NAMED_MODELS = 6;
const Models = z.object({ data: z.array(z.object({ id: z.string() })) });

/** What the table is made of. */
export interface StartFacts {
  readonly config: Config;
  /** `http://127.0.0.1:2048` */
  readonly apiUrl: string;
  readonly profileFile: string;
  readonly profile: Profile | undefined;
  /** Where Redis is. */
  readonly redis: string;
  readonly logFile: string;
}

/** What `pnpm start` shows once the system is up: what listens where, and what there is to use. */
export async function toStartTable(facts: StartFacts): Promise<string> {
  const { config, apiUrl, profile } = facts;
  const { STREAM_HOST, STREAM_PORT, HELPER_ENDPOINT } = config;
  const endsAt = profile && sessionEndsAt(profile);
  const until = endsAt === undefined ? '' : `, good until ${toDate(endsAt)}`;
  const tiers = [
    ...(STREAM_PORT === 0 ? [] : ['stream-proxy']),
    ...(HELPER_ENDPOINT === undefined ? [] : ['helper']),
    'dom',
  ];
  const rows = {
    API: `${apiUrl}/v1`,
    'Stream proxy': STREAM_PORT === 0 ? 'off' : `${STREAM_HOST}:${STREAM_PORT}`,
    Redis: facts.redis,
    Profile: facts.profileFile + until,
    Tiers: tiers.join(', then '),
    Models: await describeModels(facts),
    Log: `${facts.logFile} (pnpm logs REQUEST_ID shows one request)`,
  };
  const lines = Object.entries(rows).map(([name, value]) => `  ${name.padEnd(13)} ${value}`);
  return lines.join('\n');
}

async function describeModels({ apiUrl, config }: StartFacts): Promise<string> {
  const [key] = config.API_KEYS;
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const response = await fetch(`${apiUrl}/v1/models`, { headers }).catch(() => undefined);
  const models = response?.ok ? Models.safeParse(await response.json()).data?.data : undefined;
  if (!models) return 'GET /v1/models lists them';
  if (models.length === 0) return 'none yet';
  const named = models.slice(0, NAMED_MODELS).map(({ id }) => id);
  const more = models.length > named.length ? ', …' : '';
  return `${models.length}: ${named.join(', ')}${more}`;
}
