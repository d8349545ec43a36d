import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { type Browser, chromium, type Page } from 'playwright';
import { z } from 'zod';

import { Simulator } from './simulator.ts';

const MAIN = fileURLToPath(new URL('../packages/studio-sim/src/main.ts', import.meta.url));
const HOSTS = [
  'aistudio.google.com',
  'accounts.google.com',
  'alkalimakersuite-pa.clients6.google.com',
  'waa-pa.clients6.google.com',
];
const SYSTEM_CHROMIUM = '/usr/bin/chromium';
const Ready = z.object({ port: z.number(), controlPort: z.number(), caSpki: z.string() });

/** The simulator's page in a browser, without the rest of the system: a person's view of it. */
export interface SimulatedPage extends AsyncDisposable {
  readonly page: Page;
  readonly simulator: Simulator;
  /** Opens an empty chat with a model. */
  open(model: string): Promise<void>;
  /** Types a prompt, presses Run and waits until the answer is complete. */
  ask(prompt: string): Promise<void>;
  /** Types a prompt and presses Run. */
  run(prompt: string): Promise<void>;
  /** The text of the last turn. */
  lastTurn(): Promise<string>;
}

/** Starts a simulator and a browser that takes it for the real hosts. */
export async function openSimulatedPage(): Promise<SimulatedPage> {
  const child: ChildProcess = fork(MAIN, {
    execArgv: ['--conditions=source', '--import', 'tsx'],
    env: { ...process.env, SIM_PORT: '0', SIM_CONTROL_PORT: '0', LOG_LEVEL: 'error' },
  });
  const [message] = (await once(child, 'message')) as unknown[];
  const { port, controlPort, caSpki } = Ready.parse(message);
  const browser: Browser = await chromium.launch({
    ...(existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {}),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--host-resolver-rules=${HOSTS.map((host) => `MAP ${host}:443 127.0.0.1:${port}`).join(',')}`,
      `--ignore-certificate-errors-spki-list=${caSpki}`,
    ],
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const run = async (prompt: string): Promise<void> => {
    await page.locator('ms-prompt-box textarea').fill(prompt);
    await page.locator('ms-run-button button[aria-disabled="false"]').click();
  };
  return {
    page,
    simulator: new Simulator(`http://127.0.0.1:${controlPort}`),
    run,
    async open(model) {
      await page.goto(`https://aistudio.google.com/prompts/new_chat?model=${model}`);
      await page.locator('[data-test-id="model-name"]', { hasText: model }).waitFor();
    },
    async ask(prompt) {
      const finished = page.getByRole('button', { name: 'Good response' });
      const before = await finished.count();
      await run(prompt);
      await finished.nth(before).waitFor({ state: 'attached' });
    },
    lastTurn: async () => (await page.locator('ms-chat-turn').last().textContent()) ?? '',
    async [Symbol.asyncDispose]() {
      await browser.close();
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
