import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { chromium } from 'playwright';
import { z } from 'zod';

import { findChromium } from '../../packages/browser-driver/src/browser/browser.ts';
import { contention } from '../support/contention.ts';
import { root } from '../support/demo-command.ts';
import { atEnd, keepForAll } from '../support/keep.ts';
import { until } from '../support/mortal-stack.ts';
import { Simulator } from '../support/simulator.ts';
import { type Stack, startStack } from '../support/stack.ts';

const MODEL = 'gemini-2.5-flash';
const OTHER_MODEL = 'gemini-3-flash-preview';
const SimHealth = z.object({ port: z.number() });
const Report = z.object({
  canAnswer: z.boolean(),
  elements: z.array(
    z.object({ name: z.string(), status: z.string(), alternate: z.number().optional() }),
  ),
});
/** A program that ended with another code than 0. */
interface Ended {
  readonly stdout: string;
  readonly code?: number;
}

let folder: string;
let profile: string;
let stack: Stack;
let simulator: Simulator;
let client: OpenAI;

const keep = keepForAll();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistudio-driver-'));
  keep(atEnd(() => rm(folder, { recursive: true, force: true })));
  profile = join(folder, 'profile.json');
  stack = keep(
    await startStack({
      // a page without delays of its own: the figures are the driver's
      env: { ERRORS_DIR: join(folder, 'errors'), AUTH_PROFILE: profile, SIM_TIMING: 'fast' },
    }),
  );
  simulator = new Simulator(stack.controlUrl);
  client = new OpenAI({ baseURL: stack.baseUrl, apiKey: 'unused', maxRetries: 0 });
});

beforeEach(async () => {
  await simulator.clear();
});

type Request = Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>;

/** An answer's text, and its phases in ms, as `Server-Timing` tells them. */
async function ask(
  content: OpenAI.ChatCompletionUserMessageParam['content'],
  request: Request = {},
): Promise<{ text: string; phases: Record<string, number> }> {
  const { data, response } = await client.chat.completions
    .create({ model: MODEL, messages: [{ role: 'user', content }], ...request, stream: false })
    .withResponse();
  const timing = response.headers.get('server-timing') ?? '';
  const phases = [...timing.matchAll(/(\w+);dur=([\d.]+)/g)].map(
    ([, name = '', ms = '']) => [name, Number(ms)] as const,
  );
  return { text: data.choices[0]?.message.content ?? '', phases: Object.fromEntries(phases) };
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** From the worker taking the job to the request leaving the page, ms. */
const untilAsked = ({ prepare = 0, fill = 0, submit = 0 }: Record<string, number>): number =>
  prepare + fill + submit;

/** Tells a figure where the run's output keeps it. */
const tell = (line: string): void => void process.stdout.write(`${line}\n`);

async function untilReady(): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while (Date.now() < giveUpAt) {
    const response = await fetch(new URL('/health', stack.baseUrl));
    await response.arrayBuffer();
    if (response.ok) return;
  }
  throw new Error('the system did not become ready within 30 s');
}

/** What `/health` shows of the driver. */
async function readHealth(): Promise<string> {
  const response = await fetch(new URL('/health', stack.baseUrl));
  return response.text();
}

/** Kills the Chromium that the driver started. */
function killBrowser(): void {
  const pid = stack.pidOf('chromium');
  if (pid === undefined) throw new Error('The driver has no browser.');
  process.kill(pid, 'SIGKILL');
}

/** The process of Chromium's network service, among those of this browser. */
async function networkServiceOf(browser: number | undefined): Promise<number> {
  for (const entry of await readdir('/proc')) {
    const read = (file: string): Promise<string> =>
      readFile(`/proc/${entry}/${file}`, 'utf8').catch(() => '');
    if (!(await read('cmdline')).includes('--utility-sub-type=network')) continue;
    const [, , group] = (await read('stat')).replace(/^.*\) /, '').split(' ');
    if (Number(group) === browser) return Number(entry);
  }
  throw new Error('The browser has no network service.');
}

describe('a warm page', () => {
  it('asks soon when nothing differs', async () => {
    await ask('echo: warm');
    const took: number[] = [];
    for (let round = 0; round < 9; round++) took.push(untilAsked((await ask('echo: ok')).phases));
    tell(`job taken → request leaves, nothing differs: median ${median(took).toFixed(0)} ms`);
    expect(median(took)).toBeLessThan(300 * contention()); // target 150 on an idle machine
  });

  it('asks soon when everything differs', async () => {
    const took: number[] = [];
    for (let round = 0; round < 7; round++) {
      const messages = [
        { role: 'system' as const, content: `Rule ${round}.` },
        { role: 'user' as const, content: 'echo: ok' },
      ];
      const { phases } = await ask('', {
        model: round % 2 === 0 ? OTHER_MODEL : 'gemini-3-pro-preview',
        messages,
        temperature: (round + 1) / 10,
        top_p: (round + 1) / 20,
        max_tokens: 1000 + round,
        stop: [`END${round}`],
        reasoning_effort: 'low',
        tools: [{ type: 'function', function: { name: `f${round}`, parameters: {} } }],
      });
      took.push(untilAsked(phases));
    }
    tell(`job taken → request leaves, everything differs: median ${median(took).toFixed(0)} ms`);
    expect(median(took)).toBeLessThan(1400 * contention()); // target 700 on an idle machine
  });

  const line = 'Zażółć gęślą jaźń 😀 漢字 ]],"model"]\n';
  it.each([
    { size: '200,000 characters', lines: Math.ceil(200_000 / line.length), targetMs: 500 },
    { size: '1 MB', lines: Math.ceil(1_000_000 / Buffer.byteLength(line)), targetMs: 1000 },
  ])('takes a prompt of $size in one step', async ({ size, lines, targetMs }) => {
    const { text: answer, phases } = await ask(`${line.repeat(lines)}echo: big`);
    tell(`prompt of ${size}: ${phases['fill']} ms`);
    expect(answer).toBe('big');
    expect(phases['fill']).toBeLessThan(targetMs * 4 * contention()); // the target is for an idle machine
  });

  it('keeps nothing in Drive: every chat is a temporary one', async () => {
    await ask('echo: ok');
    expect(await simulator.rpcs()).not.toContain('CreatePrompt');
  });

  it('shows in metrics, with what its answers took', async () => {
    const page = await (await fetch(new URL('/metrics', stack.baseUrl))).text();
    expect(page).toMatch(/^aistudio_slots\{instance="\w+",state="(ready|busy|resetting)"\} 1$/m);
    for (const tier of ['stream-proxy', 'dom']) {
      expect(page).toContain(`aistudio_tier_usable{tier="${tier}"} 1\n`);
    }
    for (const phase of ['queue', 'prepare', 'fill', 'submit', 'first_event', 'total']) {
      expect(page).toMatch(
        new RegExp(
          `^aistudio_phase_seconds_count\\{phase="${phase}",tier="stream-proxy"\\} \\d+$`,
          'm',
        ),
      );
    }
    const health = await (await fetch(new URL('/health', stack.baseUrl))).json();
    expect(health).toMatchObject({ answers: { last: { tier: 'stream-proxy', model: MODEL } } });
  });
});

describe.each(['u2', 'u3'])('files on the %s page', (variant) => {
  const bytes = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  ).toString('base64');
  const image = (type: string): OpenAI.ChatCompletionContentPart => ({
    type: 'image_url',
    image_url: { url: `data:${type};base64,${bytes}` },
  });
  const audio = (format: 'wav' | 'mp3'): OpenAI.ChatCompletionContentPart => ({
    type: 'input_audio',
    input_audio: { data: bytes, format },
  });
  const file = (filename: string, type: string): OpenAI.ChatCompletionContentPart => ({
    type: 'file',
    file: { filename, file_data: `data:${type};base64,${bytes}` },
  });

  it('all arrive, several at once', async () => {
    await simulator.setFaults({ variant });
    const files = [
      image('image/png'),
      image('image/jpeg'),
      image('image/webp'),
      image('image/gif'),
      audio('wav'),
      audio('mp3'),
      file('a.pdf', 'application/pdf'),
      file('b.mp4', 'video/mp4'),
      file('c.txt', 'text/plain'),
    ];
    const { text } = await ask([...files, { type: 'text', text: 'echo: seen' }]);
    expect(text).toBe('seen');
    const [request] = await simulator.generateContent();
    const parts = z
      .array(z.tuple([z.array(z.array(z.unknown())), z.string()]))
      .parse(request?.[1])
      .flatMap(([list]) => list);
    const attached = parts.filter((part) => part[5] !== undefined && part[5] !== null);
    expect(attached).toHaveLength(files.length); // wire-format.md §4.2: a Drive file each
  });
});

/** The folder of the newest snapshot, once it is complete: the client has its answer before. */
async function newestSnapshot(): Promise<string> {
  const errors = join(folder, 'errors');
  const giveUpAt = Date.now() + 10_000;
  while (Date.now() < giveUpAt) {
    const names = await readdir(errors).catch((): string[] => []);
    const newest = names
      .filter((name) => !name.startsWith('.'))
      .toSorted()
      .at(-1);
    if (newest !== undefined) return join(errors, newest);
  }
  throw new Error('no snapshot was kept');
}

describe('a page in trouble', () => {
  it('leaves a snapshot without anyone’s words', async () => {
    const secret = 'the-secret-of-the-prompt';
    await simulator.setFaults({ 'run-disabled': true });
    await expect(ask(secret, { temperature: 0.3 })).rejects.toThrow(/Run button stayed disabled/);
    const snapshot = await newestSnapshot();
    const html = await readFile(join(snapshot, 'page.html'), 'utf8');
    const report = await readFile(join(snapshot, 'report.json'), 'utf8');
    expect(html).toContain('ms-run-settings');
    expect(html + report).not.toContain(secret);
    expect(JSON.parse(report)).toMatchObject({
      step: 'enter the prompt',
      selectorsThatFindNothing: expect.arrayContaining(['stopMark']),
    });
    expect((await readFile(join(snapshot, 'page.png'))).length).toBeGreaterThan(1000);
  });

  it('sends by the keyboard, once, what a dialog that nobody knows keeps the mouse from', async () => {
    await simulator.clear();
    await simulator.setFaults({ 'unknown-dialog': true });
    expect((await ask('echo: by key')).text).toBe('by key');
    expect(await simulator.generateContent()).toHaveLength(1);
    await simulator.clear();
  });

  it('goes around the stream proxy after a refusal, says so, and stays there', async () => {
    await untilReady();
    await simulator.setFaults({ 'permission-denied': true });
    await expect(ask('echo: refused')).rejects.toMatchObject({ status: 502 });
    await simulator.clear();
    for (const word of ['one', 'two']) {
      await untilReady();
      expect((await ask(`echo: ${word}`)).text).toBe(word);
      expect(await readHealth()).toContain('goes around');
    }
  });

  it('is back within ten seconds after its browser was killed', async () => {
    await untilReady();
    killBrowser();
    const start = performance.now();
    expect((await ask('echo: back')).text).toBe('back');
    const ms = performance.now() - start;
    tell(`browser killed → answered: ${ms.toFixed(0)} ms`);
    expect(ms).toBeLessThan(10_000 * contention());
  });

  it('is noticed within seconds when its browser is frozen, and replaced', async () => {
    await untilReady();
    const pid = stack.pidOf('chromium');
    if (pid === undefined) throw new Error('The driver has no browser.');
    process.kill(-pid, 'SIGSTOP'); // all its processes
    const start = performance.now();
    expect((await ask('echo: thawed')).text).toBe('thawed');
    const ms = performance.now() - start;
    tell(`browser frozen → answered: ${ms.toFixed(0)} ms`);
    expect(ms).toBeLessThan(30_000 * contention());
    expect(stack.pidOf('chromium')).not.toBe(pid);
  });

  it('opens new pages when its network service was killed', async () => {
    await untilReady();
    process.kill(await networkServiceOf(stack.pidOf('chromium')), 'SIGKILL');
    // A prompt on its way at that moment may fail; none goes past the proxy.
    const early = await ask('echo: now').then(
      () => 200,
      (error: { status?: number }) => error.status,
    );
    expect([200, 502]).toContain(early);
    await untilReady();
    for (const word of ['again', 'and again']) {
      expect((await ask(`echo: ${word}`)).text).toBe(word);
    }
    // The browser's watch may see it after a page did.
    await until(() => Promise.resolve(stack.logs().includes('network service died')));
    expect(await readHealth()).toContain('"stream-proxy"');
  });

  it('says that it is signed out, and recovers when the profile is renewed', async () => {
    await simulator.setFaults({ requireSignIn: true });
    killBrowser();
    await expect(ask('echo: no')).rejects.toMatchObject({ status: 503, code: 'not_signed_in' });
    const health = await fetch(new URL('/health', stack.baseUrl));
    expect(health.status).toBe(503);
    expect(await health.text()).toContain('pnpm signin');

    await signIn();
    await untilReady();
    expect((await ask('echo: welcome')).text).toBe('welcome');
  });
});

/** Signs in by hand, as it were, and saves the profile. */
async function signIn(): Promise<void> {
  const { port } = SimHealth.parse(await (await fetch(`${stack.controlUrl}/health`)).json());
  await using browser = await chromium.launch({
    executablePath: findChromium(undefined),
    args: ['--no-sandbox', `--host-resolver-rules=MAP *:443 127.0.0.1:${port}`],
  });
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto('https://aistudio.google.com/prompts/new_chat');
  await page.getByRole('link', { name: 'Get started' }).click(); // on the page for who is signed out
  await page.waitForURL('https://accounts.google.com/**');
  for (const field of await page.locator('input:visible').all()) await field.fill('a@example.org');
  await page.locator('button, input[type="submit"]').first().click();
  await page.waitForURL('https://aistudio.google.com/**');
  await context.storageState({ path: profile });
}

describe('doctor --page', () => {
  /** What the doctor reports; its exit code says the same as `canAnswer`. */
  const visit = async (): Promise<z.infer<typeof Report>> => {
    const { port } = SimHealth.parse(await (await fetch(`${stack.controlUrl}/health`)).json());
    const doctor = join(root, 'packages/launcher/src/commands/doctor.ts');
    const ran = promisify(execFile)(
      process.execPath,
      ['--conditions=source', '--import', 'tsx', doctor, '--page', '--json'],
      {
        cwd: root,
        env: {
          PATH: '/usr/bin:/bin',
          HOME: folder,
          AI_STUDIO_RESOLVE: `aistudio.google.com:443=127.0.0.1:${port},alkalimakersuite-pa.clients6.google.com:443=127.0.0.1:${port}`,
          AI_STUDIO_CA: await caFile(),
        },
      },
    );
    const { stdout, code = 0 }: Ended = await ran.catch((error: Ended) => error);
    const report = Report.parse(JSON.parse(stdout));
    expect(code).toBe(report.canAnswer ? 0 : 1);
    return report;
  };

  it('tells which alternate finds each part, and what drifted', async () => {
    const usual = await visit();
    expect(usual.canAnswer).toBe(true);
    const missing = usual.elements.filter(({ status }) => status === 'missing');
    expect(missing.map(({ name }) => name)).toEqual(['googleMaps']); // not for the page's first model
    await simulator.setFaults({ 'renamed-panel-toggle': true });
    const changed = await visit();
    const statusOf = ({ elements }: typeof usual): string | undefined =>
      elements.find(({ name }) => name === 'openRunSettings')?.status;
    expect(statusOf(usual)).not.toBe('missing');
    expect(statusOf(changed)).toBe('missing');
  });
});

/** The simulator's authority: where the driver was told it is. */
async function caFile(): Promise<string> {
  const environment = await readFile(`/proc/${stack.pidOf('browser-driver')}/environ`, 'utf8');
  const entry = environment.split('\0').find((line) => line.startsWith('AI_STUDIO_CA='));
  return entry?.slice('AI_STUDIO_CA='.length) ?? '';
}
