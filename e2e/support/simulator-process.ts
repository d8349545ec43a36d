import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { z } from 'zod';

import { root } from './demo-command.ts';
import { Simulator } from './simulator.ts';

const Ready = z.object({ port: z.number(), controlPort: z.number() });
/** The hosts that a signed-in page needs. */
const HOSTS = [
  'aistudio.google.com',
  'accounts.google.com',
  'alkalimakersuite-pa.clients6.google.com',
  'waa-pa.clients6.google.com',
  'www.gstatic.com',
];

/** A simulator in a process of its own, without the rest of the system. */
export interface SimulatorProcess extends AsyncDisposable {
  readonly simulator: Simulator;
  /** The settings that lead to it: AI_STUDIO_RESOLVE, AI_STUDIO_CA. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts one that writes its certificate into `folder`. */
export async function startSimulator(folder: string): Promise<SimulatorProcess> {
  const ca = join(folder, 'simulator-ca.pem');
  const child = fork(join(root, 'packages/studio-sim/dist/main.js'), {
    env: {
      ...process.env,
      SIM_PORT: '0',
      SIM_CONTROL_PORT: '0',
      LOG_LEVEL: 'error',
      AI_STUDIO_CA: ca,
    },
  });
  const ended = once(child, 'exit');
  const [said]: unknown[] = await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error('The simulator ended at its start.'))),
  ]);
  const { port, controlPort } = Ready.parse(said);
  return {
    simulator: new Simulator(`http://127.0.0.1:${controlPort}`),
    env: {
      AI_STUDIO_RESOLVE: HOSTS.map((host) => `${host}:443=127.0.0.1:${port}`).join(','),
      AI_STUDIO_CA: ca,
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
