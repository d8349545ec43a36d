import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import {
  checkEnvironmentFile,
  type Config,
  connectRedis,
  deadline,
  sessionEndsAt,
} from '@aistudio/core';

import { howToInstall } from './install.ts';
import { requireFreePorts } from './ports.ts';
import { requireProfile, toDate } from './profiles.ts';
import { findRedisServer, hasChromium } from './programs.ts';
import { requireNode, root } from './setup.ts';

/** What one look at this machine found; `mend` says what to do where something is wrong. */
export interface Finding {
  readonly name: string;
  readonly detail: string;
  readonly fix?: string;
  /** What may be a mistake; the system runs with it. */
  readonly warning?: string;
}

/** A look: gives what is fine about it, or throws an error that says how to mend it. */
type Look = (config: Config) => Promise<string>;

const LOOKS: Readonly<Record<string, Look>> = {
  Node: lookAtNode,
  Chromium: lookAtChromium,
  Redis: lookAtRedis,
  Ports: lookAtPorts,
  Certificates: lookAtCertificates,
  Profile: lookAtProfile,
};

/** Looks at the settings in `file`, in `.env` format. */
export function checkSettings(file: string): Finding[] {
  const name = 'Settings';
  if (!existsSync(file)) return [{ name, detail: 'no .env: every setting has its default' }];
  const warnings = checkEnvironmentFile(file);
  if (warnings.length === 0) return [{ name, detail: '.env is understood' }];
  return warnings.map((warning) => ({ name, detail: 'doubtful', warning }));
}

/** A finding as the person sees it. */
export function toFindingLine({ name, detail, fix: mend, warning }: Finding): string {
  if (mend !== undefined) return `✗ ${name}: ${mend}`;
  return warning === undefined ? `✓ ${name}: ${detail}` : `! ${name}: ${warning}`;
}

/** Looks at everything the system needs of this machine, one thing after the other. */
export async function checkMachine(config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, look] of Object.entries(LOOKS)) {
    try {
      findings.push({ name, detail: await look(config) });
    } catch (error) {
      findings.push({ name, detail: 'not usable', fix: String(error).replace(/^\w*Error: /, '') });
    }
  }
  return findings;
}

async function lookAtNode(): Promise<string> {
  requireNode(process.versions.node);
  return process.versions.node;
}

async function lookAtChromium({ CHROMIUM_PATH }: Config): Promise<string> {
  if (await hasChromium(CHROMIUM_PATH)) return CHROMIUM_PATH ?? 'found';
  if (CHROMIUM_PATH === undefined) throw new Error(await howToInstall(['chromium']));
  throw new Error(`CHROMIUM_PATH names ${CHROMIUM_PATH}, which does not exist.`);
}

async function lookAtRedis({ REDIS_URL }: Config): Promise<string> {
  if (REDIS_URL !== undefined) {
    await using redis = await connectRedis(REDIS_URL);
    await redis.ping();
    return 'answers';
  }
  const server = await findRedisServer();
  if (server === undefined) throw new Error(await howToInstall(['redis']));
  return `${server}, started when needed`;
}

async function lookAtPorts({ HOST, PORT, STREAM_HOST, STREAM_PORT }: Config): Promise<string> {
  if (await isOurs(`http://${HOST}:${PORT}/health`)) return `the system runs on ${PORT} already`;
  await requireFreePorts([
    { setting: 'PORT', host: HOST, port: PORT },
    { setting: 'STREAM_PORT', host: STREAM_HOST, port: STREAM_PORT },
  ]);
  return `free: ${[PORT, STREAM_PORT].filter((port) => port !== 0).join(', ')}`;
}

async function isOurs(url: string): Promise<boolean> {
  using limit = deadline(2000);
  const response = await fetch(url, { signal: limit.signal }).catch(() => undefined);
  return response?.headers.has('x-request-id') ?? false;
}

async function lookAtCertificates({ CERTS_DIR, STREAM_PORT }: Config): Promise<string> {
  if (STREAM_PORT === 0) return 'not needed: STREAM_PORT=0';
  const file = resolve(root, CERTS_DIR, 'leaf-key.pem');
  const mode = await modeOf(file);
  if (mode === undefined) return 'made at first start';
  requirePrivate(file, mode);
  return file;
}

async function lookAtProfile(config: Config): Promise<string> {
  const { file, profile } = await requireProfile(config);
  requirePrivate(file, (await modeOf(file)) ?? 0);
  const endsAt = sessionEndsAt(profile);
  return endsAt === undefined ? file : `${file}, good until ${toDate(endsAt)}`;
}

async function modeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  );
}

function requirePrivate(file: string, mode: number): void {
  if ((mode & 0o077) === 0) return;
  throw new Error(`Others on this machine can read ${file}. Run: chmod 600 ${file}`);
}
