import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { type Log } from '@aistudio/core';

import { createTemporaryFolder } from '../setup/temporary-folder.ts';
import { type Program } from '../supervisor/child.ts';
import { supervise, type SuperviseOptions } from '../supervisor/supervise.ts';

/** A Redis of our own. */
export interface PrivateRedis extends AsyncDisposable {
  /** `unix:///path` */
  readonly url: string;
}

/** How it is run. */
export interface PrivateRedisOptions extends Omit<SuperviseOptions, 'onLine'> {
  /** Path of redis-server or valkey-server. */
  readonly program: string;
  /** Where it keeps its data; made when missing. */
  readonly directory: string;
  /** QUEUE_MAX_BYTES: how much of prompts it may have to hold. */
  readonly queueMaxBytes: number;
  /** Whether what it holds outlives it (append-only file). */
  readonly keepsData: boolean;
  readonly log: Log;
}

/** For what is not prompts: events, captures, signs of life. Bytes. */
const BESIDES_PROMPTS = 256 * 1024 * 1024;

/**
 * Runs `"$@"` until it ends by itself or our standard input closes: when the process that holds its
 * other end is gone, however it went, Redis must not stay. Then its own shutdown has its time.
 */
const UNTIL_INPUT_CLOSES = `
"$@" </dev/null 3<&- & server=$!
{ read -r _; kill "$server"; } <&3 3<&- & watch=$!
wait "$server"; code=$?
kill "$watch" 2>/dev/null
exit "$code"`;

/**
 * Starts a Redis that only this user reaches, by a unix socket in a folder of mode 0700, and keeps
 * it running. Throws when it does not start.
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const folder = await createTemporaryFolder('aistudio-redis-');
  const socket = join(folder.path, 'redis.sock');
  try {
    const server = await supervise(redisServer(options, directory, socket), options);
    return {
      url: `unix://${socket}`,
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await folder[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}

function redisServer(
  { program, queueMaxBytes, keepsData }: PrivateRedisOptions,
  directory: string,
  socket: string,
): Program<void> {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: directory,
    appendonly: keepsData ? 'yes' : 'no',
    save: '',
    maxmemory: String(2 * queueMaxBytes + BESIDES_PROMPTS), // a prompt that is handed out is there twice
    'maxmemory-policy': 'noeviction', // BullMQ's demand
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return {
    name: 'redis',
    logsTo: 'stdout',
    spawn: () =>
      spawn('sh', ['-c', `exec 3<&0; ${UNTIL_INPUT_CLOSES}`, 'sh', program, ...flags], {
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
      }),
    watch(child, ready) {
      child.stdout?.on('data', (chunk: Buffer) => {
        if (/ready to accept connections/i.test(chunk.toString())) ready();
      });
    },
    stop: (child) => child.stdin?.end(),
  };
}
