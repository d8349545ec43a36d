import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { configVariables, readEnvironment } from '@aistudio/core';

/** The project's root. */
export const root = resolve(import.meta.dirname, '../..');

/** What `pnpm NAME` runs, as in package.json: the command in front of its arguments. */
export const launcherCommand = (name: string): [string, ...string[]] =>
  sourceCommand(`packages/launcher/src/commands/${name}.ts`);

/** Runs a file of the sources, as package.json does. */
export const sourceCommand = (file: string): [string, ...string[]] => [
  process.execPath,
  '--conditions=source',
  '--import',
  'tsx',
  file,
];
/** Every process that a demo starts inherits this variable, and so is known to be of that demo. */
const MARK = 'AISTUDIO_E2E_MARK';
const LOOK_EVERY_MS = 50;

/** How a demo is run. */
export interface DemoCommandOptions {
  readonly args?: readonly string[];
  /** Settings beyond free ports and otherwise defaults; `.env` has no say. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The command in front of the demo's arguments. Default: node, as in package.json. */
  readonly command?: readonly [string, ...string[]];
}

/** A demo that runs, or has run, on ports of its own. */
export interface DemoCommand extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The settings that say where it is: PORT, STREAM_PORT, SIM_CONTROL_PORT and what was given. */
  readonly env: Readonly<Record<string, string>>;
  /** What it printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves to the first stdout line that matches. Throws, with the logs, when it ends before. */
  untilLine(pattern: RegExp): Promise<string>;
  /** Resolves to its exit code once it has ended. */
  untilEnded(): Promise<number | null>;
  /** Processes it started that still run: process id and command line. */
  processes(): { pid: number; command: string }[];
  /** Resolves when none of them runs any more. */
  untilNoProcess(): Promise<void>;
  /** Names of its temporary folders. */
  folders(): Promise<string[]>;
}

/** Runs a demo. Disposing kills what is left of it. */
export async function runDemo(options: DemoCommandOptions = {}): Promise<DemoCommand> {
  const [port, streamPort, controlPort] = await freePorts(3);
  const env = {
    PORT: String(port),
    STREAM_PORT: String(streamPort),
    SIM_CONTROL_PORT: String(controlPort),
    CANARY_HOURS: '0', // an idle page is the test's own
    ...options.env,
  };
  const mark = randomUUID();
  const folder = await mkdtemp(join(tmpdir(), 'aistudio-e2e-'));
  const [command, ...args] = options.command ?? launcherCommand('demo');
  // Chromium gets of our environment only where its files go.
  const marks = [`${MARK}=${mark}`, `TMPDIR=${folder}`];
  const child = spawn(command, [...args, ...(options.args ?? [])], {
    cwd: root,
    env: { ...inheritedEnvironment(), ...env, TMPDIR: folder, [MARK]: mark },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'], // our end closes the channel, which ends the demo
  });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The demo has no output.');
  const output = { stdout: '', stderr: '' };
  stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  let isOver = false;
  const ended = once(child, 'close').then(() => (isOver = true));

  return {
    child,
    env,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    async untilLine(pattern: RegExp): Promise<string> {
      for (;;) {
        const lines = output.stdout.split('\n').slice(0, -1);
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) return found;
        if (isOver) throw new Error(`The demo ended without ${pattern}:\n${output.stderr}`);
        await Promise.race([once(stdout, 'data'), ended]);
      }
    },
    async untilEnded(): Promise<number | null> {
      await ended;
      return child.exitCode;
    },
    processes: () => findMarked(marks),
    async untilNoProcess(): Promise<void> {
      while (findMarked(marks).length > 0) await delay(LOOK_EVERY_MS);
    },
    folders: async () => (await readdir(folder)).filter((name) => name.startsWith('aistudio-')),
    async [Symbol.asyncDispose](): Promise<void> {
      for (const { pid } of findMarked(marks)) process.kill(pid, 'SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What we inherited, with every setting of ours blank: neither it nor `.env` decides a test. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  const given = readEnvironment('');
  const blank = Object.fromEntries(configVariables.map(({ name }) => [name, '']));
  return { ...given, ...blank, CHROMIUM_PATH: given['CHROMIUM_PATH'] };
}

/** The living processes whose environment holds one of our marks. Linux only: elsewhere it sees none. */
function findMarked(marks: readonly string[]): { pid: number; command: string }[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
      if (!marks.some((mark) => environment.includes(mark))) return [];
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid: Number(name), command }];
    } catch {
      return []; // it has ended meanwhile, or is not ours to look at
    }
  });
}

/** Ports of 127.0.0.1 that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0; // a pipe has a string
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
