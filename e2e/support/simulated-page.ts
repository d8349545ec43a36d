import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { type Browser, chromium, type Page } from 'playwright';
import { z } from 'zod';

const MAIN = fileURLToPath(new URL('../../packages/studio-sim/src/main.ts', import.meta.url));
const HOSTS = [
  'aistudio.google.com',
  'accounts.google.com',
  'alkalimakersuite-pa.clients6.google.com',
  'waa-pa.clients6.google.com',
];
const Ready = z.object({ port: z.number(), controlPort: z.number(), caSpki: z.string() });
const SYSTEM_CHROMIUM = '/usr/bin/chromium';

export const NEW_CHAT = 'https://aistudio.google.com/prompts/new_chat';

/** What the control port answers. */
type Json = ReturnType<Response['json']>;

/** A simulator with a browser that shows its page, and nothing of the product. */
export interface SimulatedPage extends AsyncDisposable {
  readonly page: Page;
  /** What decides the page's random delays. */
  readonly seed: number;
  /** Asks the control port; the answer is its JSON. */
  call(method: string, path: string, body?: unknown): Json;
  /** The newest request for an answer, as the log has it. */
  lastRequest(): Json;
}

/** Starts both; says the seed, with which a failure can be repeated (SIM_SEED). */
export async function openSimulatedPage(): Promise<SimulatedPage> {
  const sim = fork(MAIN, {
    execArgv: ['--conditions=source', '--import', 'tsx'],
    env: { ...process.env, SIM_PORT: '0', SIM_CONTROL_PORT: '0', LOG_LEVEL: 'error' },
  });
  const [message]: unknown[] = await once(sim, 'message');
  const { port, controlPort, caSpki } = Ready.parse(message);
  const call: SimulatedPage['call'] = async (method: string, path: string, body?: unknown) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return (await fetch(`http://127.0.0.1:${controlPort}${path}`, init)).json();
  };
  const { seed } = await call('GET', '/health');
  process.stderr.write(`The simulated page's seed is ${seed}.\n`);
  const browser = await launch(port, caSpki);
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  return {
    page: await context.newPage(),
    seed,
    call,
    async lastRequest() {
      const entries = await call('GET', '/log');
      return entries.findLast(({ rpc }: { rpc: string }) => rpc === 'GenerateContent');
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await end(sim);
    },
  };
}

async function launch(port: number, caSpki: string): Promise<Browser> {
  return chromium.launch({
    ...(existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {}),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--host-resolver-rules=${HOSTS.map((host) => `MAP ${host}:443 127.0.0.1:${port}`).join(',')}`,
      `--ignore-certificate-errors-spki-list=${caSpki}`,
    ],
  });
}

async function end(sim: ChildProcess): Promise<void> {
  const ended = once(sim, 'exit');
  sim.kill();
  await ended;
}
