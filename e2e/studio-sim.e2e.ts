import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright';

const MAIN = fileURLToPath(new URL('../packages/studio-sim/src/main.ts', import.meta.url));
const NEW_CHAT = 'https://aistudio.google.com/prompts/new_chat';
const HOSTS = [
  'aistudio.google.com',
  'accounts.google.com',
  'alkalimakersuite-pa.clients6.google.com',
];
const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/** How to find what the test uses, where the generations of the page differ (page.md). */
const GENERATIONS = {
  u2: {
    prompt: 'ms-prompt-box textarea[aria-label="Enter a prompt"]',
    run: 'ms-run-button button',
    model: 'button.model-selector-card',
    row: 'button.content-button[id$="models/gemini-2.5-flash"]',
    temperature: '[data-test-id="temperatureSliderContainer"] input[type="number"]',
    search: 'button[aria-label="Grounding with Google Search"]',
  },
  u3: {
    prompt: 'ms-prompt-box textarea[aria-label="Enter a prompt"]',
    run: 'ms-run-button button',
    model: 'button[aria-label="Select primary model"]',
    row: 'button.content-button[id$="models/gemini-2.5-flash"]',
    temperature: '[data-test-id="temperatureSliderContainer"] input[type="number"]',
    search: 'button[aria-label="Remove Grounding with Google Search"]',
  },
};

let sim: ChildProcess;
let control: string;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  sim = fork(MAIN, {
    execArgv: ['--conditions=source', '--import', 'tsx'],
    env: { ...process.env, SIM_PORT: '0', SIM_CONTROL_PORT: '0', LOG_LEVEL: 'error' },
  });
  const [ready] = (await once(sim, 'message')) as [Record<string, unknown>];
  const { port, controlPort, caSpki } = ready;
  control = `http://127.0.0.1:${String(controlPort)}`;
  browser = await chromium.launch({
    ...(existsSync(SYSTEM_CHROMIUM) ? { executablePath: SYSTEM_CHROMIUM } : {}),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--host-resolver-rules=${HOSTS.map((host) => `MAP ${host}:443 127.0.0.1:${String(port)}`).join(',')}`,
      `--ignore-certificate-errors-spki-list=${String(caSpki)}`,
    ],
  });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  page = await context.newPage();
});

afterAll(async () => {
  await browser?.close();
  sim.kill();
  await once(sim, 'exit');
});

afterEach(() => call('DELETE', '/faults'));

async function call(method: string, path: string, body?: unknown) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  return (await fetch(control + path, init)).json();
}

const answered = async () =>
  page
    .locator('ms-chat-turn:last-of-type')
    .getByRole('button', { name: 'Good response' })
    .waitFor();

async function ask(text: string, { prompt, run } = GENERATIONS.u2): Promise<void> {
  await page.fill(prompt, text);
  await page.click(run);
}

async function lastRequest() {
  const entries = await call('GET', '/log');
  return entries.findLast(({ rpc }: { rpc: string }) => rpc === 'GenerateContent');
}

describe.each(Object.entries(GENERATIONS))('the %s page', (variant, marks) => {
  it('sends what its controls show, and shows what it is sent', async () => {
    await call('POST', '/faults', { variant });
    await page.goto(NEW_CHAT);
    if (variant === 'u3') await page.click('button[aria-label="Toggle run settings panel"]');
    await page.click(marks.model);
    await page.click(marks.row);
    await page.click('button[aria-label="System instructions"]');
    await page.fill('textarea[aria-label="System instructions"]', 'Be brief.');
    await page.click('button[aria-label="Close panel"]');
    await page.fill(marks.temperature, '0.25');
    await page.press(marks.temperature, 'Tab');
    await page.click(marks.search);
    await ask('@sim {"text":"**Hello**","thoughts":"Hm."}', marks);
    await answered();

    const { decoded } = await lastRequest();
    expect(decoded).toMatchObject({
      model: 'gemini-2.5-flash',
      systemInstruction: 'Be brief.',
      temperature: 0.25,
      tools: { googleSearch: false },
      attestation: 'valid',
    });
    const answer = page.locator('ms-chat-turn:last-of-type ms-text-chunk');
    expect(await answer.locator('strong').textContent()).toBe('Hello');
    expect(await page.locator('.thought-activity-host').count()).toBe(1);
  });
});

describe('the simulator', () => {
  it.each(['xhr', 'fetch-string', 'fetch-stream'])('takes a body sent by %s', async (bodyMode) => {
    await call('POST', '/faults', { bodyMode });
    await page.goto(NEW_CHAT);
    await ask('echo: sent');
    await answered();
    const last = page.locator('ms-chat-turn:last-of-type ms-text-chunk');
    expect(await last.textContent()).toBe('sent');
  });

  it('shows the answer as it comes, and ends it on Stop', async () => {
    await page.goto(NEW_CHAT);
    await ask('@sim {"text":"one two three","chunks":3,"stallAfterChunks":1}');
    const answer = page.locator('ms-chat-turn:last-of-type ms-text-chunk');
    await answer.waitFor();
    expect(await answer.textContent()).toBe('one ');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('ms-run-button button[type="submit"]').waitFor();
    expect(await lastRequest()).toMatchObject({ endedBy: 'client' });
  });

  it('gives the exact markdown by edit view and by Copy markdown', async () => {
    const markdown = '# T\n\n- a\n\n```js\nlet x;  \n```\n\n|a|\n|-|\n|$x$|\n';
    await page.goto(NEW_CHAT);
    await ask(`@sim ${JSON.stringify({ text: markdown })}`);
    await answered();
    const turn = page.locator('ms-chat-turn:last-of-type');
    await turn.hover();
    await turn.getByRole('button', { name: 'Edit' }).click();
    expect(await turn.locator('textarea').inputValue()).toBe(markdown);
    await turn.getByRole('button', { name: 'Stop editing' }).click();
    await turn.getByRole('button', { name: 'Open options' }).click();
    await page.getByRole('menuitem', { name: 'Copy markdown' }).click();
    await expect(page.evaluate(() => navigator.clipboard.readText())).resolves.toBe(markdown);
  });

  it('makes open pages show what is switched on, and signs in again', async () => {
    await page.goto(NEW_CHAT);
    await page.locator(GENERATIONS.u2.prompt).waitFor();
    await call('POST', '/faults', { 'run-disabled': true });
    await page.fill(GENERATIONS.u2.prompt, 'x');
    expect(await page.locator(GENERATIONS.u2.run).isDisabled()).toBe(true);
    await call('POST', '/faults', { 'signed-out': true, 'run-disabled': false });
    await page.click(GENERATIONS.u2.run);
    await page.waitForURL(/^https:\/\/accounts\.google\.com\//);
    await page.fill('input[type="email"]', 'someone@example.com');
    await page.fill('input[type="password"]', 'anything');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.locator(GENERATIONS.u2.prompt).waitFor();
  });
});
