import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { z } from 'zod';

import { type Setting } from './scenario.ts';

/** The Node that the newest packages run under, where this one is older; as in `.ci/run`. */
const NEWEST_NODE = 'node@24.21.0';
const NEWEST_MAJOR = 24;

const Reply = z.object({ result: z.unknown(), failure: z.string().optional() });

/** The client packages that are held to their word, and what runs them. */
const CLIENTS = {
  'openai 6': { module: 'openai.ts', needsNewestNode: false },
  'openai 7': { module: 'openai-newest.ts', needsNewestNode: true },
  'ai 7': { module: 'ai-sdk.ts', needsNewestNode: true },
  '@langchain/openai 1': { module: 'langchain.ts', needsNewestNode: true },
  '@openai/agents 0.20': { module: 'openai-agents.ts', needsNewestNode: true },
};
export type ClientName = keyof typeof CLIENTS;

/** Their names, with the line of each. */
export const CLIENT_NAMES: readonly ClientName[] = [
  'openai 6',
  'openai 7',
  'ai 7',
  '@langchain/openai 1',
  '@openai/agents 0.20',
];

/** A process of its own in which an unmodified client package runs. */
export interface ClientProgram extends AsyncDisposable {
  /** Runs one scenario of its module and gives its result. Throws what the scenario threw. */
  run(name: string, setting: Setting): Promise<unknown>;
}

/** Starts one; the package is loaded when it resolves. */
export async function startClient(name: ClientName): Promise<ClientProgram> {
  const { module, needsNewestNode } = CLIENTS[name];
  const child = fork(join(import.meta.dirname, 'run-scenarios.ts'), [`./${module}`], {
    execPath: needsNewestNode ? await findNewestNode() : process.execPath,
    execArgv: needsNewestNode ? [] : ['--import', 'tsx'], // the newest runs TypeScript by itself
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1' },
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`the program of ${name} ended with ${String(code)}`);
  });
  died.catch(() => undefined); // it may well end later, unasked
  await reply(child, died);
  return {
    run(scenario, setting) {
      const answered = reply(child, died);
      child.send({ name: scenario, setting });
      return answered;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

async function reply(child: ChildProcess, died: Promise<never>): Promise<unknown> {
  const [message]: unknown[] = await Promise.race([once(child, 'message'), died]);
  const { result, failure } = Reply.parse(message);
  if (failure !== undefined) throw new Error(failure);
  return result;
}

let newestNode: Promise<string> | undefined;

/** Path of a Node that runs the newest packages: this one, or one that npx fetches. */
function findNewestNode(): Promise<string> {
  if (Number.parseInt(process.versions.node, 10) >= NEWEST_MAJOR) {
    return Promise.resolve(process.execPath);
  }
  newestNode ??= promisify(execFile)('npx', ['-y', NEWEST_NODE, '-p', 'process.execPath']).then(
    ({ stdout }) => stdout.trim(),
  );
  return newestNode;
}
