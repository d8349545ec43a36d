import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import OpenAI, { APIError } from 'openai';
import { z } from 'zod';

import { root } from '../support/demo-command.ts';
import { Simulator } from '../support/simulator.ts';
import { type Stack, startStack } from '../support/stack.ts';

const MODEL = 'gemini-2.5-flash';
const TEMPERATURE = 0.3;
const WAIT_MS = 60_000;
/** A visit of the doctor to a page that misses much takes half a minute, on a busy machine more. */
const REPAIR_MS = 240_000;
/** A page whose toggle of the run settings has another name: none of its settings can be reached. */
const RENAMED = { 'renamed-panel-toggle': true };
const SimHealth = z.object({ port: z.number() });
const Health = z.object({
  ready: z.boolean(),
  parts: z.object({
    'browser-driver': z.object({
      instances: z.array(
        z.object({
          detail: z.object({
            pagePacks: z.object({ packs: z.array(z.string()), problems: z.array(z.string()) }),
            page: z
              .object({ missing: z.array(z.string()), changes: z.array(z.string()) })
              .optional(),
          }),
        }),
      ),
    }),
  }),
});
const Report = z.object({
  canAnswer: z.boolean(),
  elements: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      pack: z.string().optional(),
      candidates: z.array(z.object({ what: z.string() })).optional(),
    }),
  ),
});
type Report = z.infer<typeof Report>;

let folder: string;
let packs: string;
let stack: Stack;
let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistudio-repair-'));
  packs = join(folder, 'packs');
  await mkdir(packs);
  stack = await startStack({ env: { PAGE_PACK: packs, ERRORS_DIR: join(folder, 'errors') } });
  simulator = new Simulator(stack.controlUrl);
  client = new OpenAI({ baseURL: stack.baseUrl, apiKey: 'unused', maxRetries: 0 });
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await simulator.clear();
});

/** A prompt that takes the run settings: its answer, or the error; and what could not be set. */
async function ask(text: string): Promise<{ text: string; isAsAsked: boolean }> {
  const answer = client.chat.completions.create({
    model: MODEL,
    temperature: TEMPERATURE,
    messages: [
      { role: 'system', content: 'Answer briefly.' },
      { role: 'user', content: `echo: ${text}` },
    ],
  });
  try {
    const { data, response } = await answer.withResponse();
    const isAsAsked = response.headers.get('x-aistudio-warnings') === null;
    return { text: data.choices[0]?.message.content ?? '', isAsAsked };
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    return { text: error.message, isAsAsked: false };
  }
}

/** The temperature (wire-format.md §4.1) of the last request that the page sent. */
const temperatureSent = async (): Promise<unknown> => {
  const config = (await simulator.generateContent()).at(-1)?.[3];
  return Array.isArray(config) ? config[4] : undefined;
};

/** Health as soon as `isEnough`; else as it was last. */
async function untilHealth(
  isEnough: (health: z.infer<typeof Health>) => boolean,
  baseUrl = stack.baseUrl,
): Promise<z.infer<typeof Health>> {
  const giveUpAt = Date.now() + WAIT_MS;
  for (;;) {
    const response = await fetch(new URL('/health', baseUrl));
    const health = Health.parse(await response.json());
    if (isEnough(health) || Date.now() > giveUpAt) return health;
  }
}

const packStatus = ({ parts }: z.infer<typeof Health>) =>
  parts['browser-driver'].instances[0]?.detail.pagePacks;

/** Runs `pnpm run doctor --page`; gives its report and its exit code. */
async function visit(...args: string[]): Promise<{ report: Report; code: number }> {
  const { port } = SimHealth.parse(await (await fetch(`${stack.controlUrl}/health`)).json());
  const doctor = join(root, 'packages/launcher/src/commands/doctor.ts');
  const run = promisify(execFile)(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', doctor, '--page', '--json', ...args],
    {
      cwd: root,
      env: {
        PATH: '/usr/bin:/bin',
        HOME: folder,
        PAGE_PACK: packs,
        AI_STUDIO_RESOLVE: `aistudio.google.com:443=127.0.0.1:${port},alkalimakersuite-pa.clients6.google.com:443=127.0.0.1:${port}`,
        AI_STUDIO_CA: await caFile(),
      },
    },
  );
  const Failure = z.object({ stdout: z.string(), code: z.number() });
  const { stdout, code } = await run.then(
    (output) => ({ ...output, code: 0 }),
    (error: unknown) => Failure.parse(error),
  );
  return { report: Report.parse(JSON.parse(stdout)), code };
}

describe('a page that changed', () => {
  it(
    'is repaired while the system runs, by the page pack that the doctor writes',
    async () => {
      const driver = stack.pidOf('browser-driver');
      expect(await ask('before')).toEqual({ text: 'before', isAsAsked: true });
      expect(await temperatureSent()).toBe(TEMPERATURE);
      await simulator.setFaults(RENAMED);
      await simulator.reload();
      expect((await ask('broken')).isAsAsked).toBe(false);

      const broken = await visit('--write-pack', join(packs, 'repair.json'));
      expect(broken.code).toBe(1);
      expect(broken.report.canAnswer).toBe(false);
      const toggle = broken.report.elements.find(({ name }) => name === 'openRunSettings');
      expect(toggle).toMatchObject({ status: 'missing' });
      expect(toggle?.candidates?.[0]?.what).toContain('Run parameters panel');

      const health = await untilHealth((now) => now.ready && packStatus(now)?.packs.length === 1);
      expect(packStatus(health)?.packs).toEqual([expect.stringMatching(/^repair-/)]);
      expect(await ask('after')).toEqual({ text: 'after', isAsAsked: true });
      expect(await temperatureSent()).toBe(TEMPERATURE);
      expect(stack.pidOf('browser-driver')).toBe(driver);
      expect(stack.logs()).toContain('page packs in use');

      const repaired = await visit();
      expect(repaired.code).toBe(0);
      const panel = repaired.report.elements.find(({ name }) => name === 'runSettings');
      expect(panel).toMatchObject({ status: 'found' }); // what opened it is gone with that
    },
    REPAIR_MS,
  );

  it('is answered as before when a pack is wrong, and health says where it is wrong', async () => {
    await writeFile(
      join(packs, 'wrong.json'),
      '{"version": 1, "name": "w", "selectors": {"a": []}}',
    );
    const health = await untilHealth((now) => packStatus(now)?.problems.length === 1);
    expect(packStatus(health)?.problems[0]).toMatch(/wrong\.json: selectors\.a: /);
    expect((await ask('still')).text).toBe('still');
    await rm(join(packs, 'wrong.json'));
  });

  it('is answered as before when a pack has a selector that is no CSS', async () => {
    const pack = {
      version: 1,
      name: 'no-css',
      selectors: { runButton: ['button[', 'button:run'] },
    };
    await writeFile(join(packs, 'zz.json'), JSON.stringify(pack));
    expect((await ask('still')).text).toBe('still');
    const health = await untilHealth((now) => packStatus(now)?.problems.length === 2);
    expect(packStatus(health)?.problems[0]).toContain('selectors.runButton: not CSS');
    await rm(join(packs, 'zz.json'));
  });
});

describe('the canary', () => {
  it(
    'warns of a change before a prompt fails, and never presses Run',
    async () => {
      await using watched = await startStack({ env: { CANARY_HOURS: '0.0005' } });
      const page = new Simulator(watched.controlUrl);
      const pageOf = ({ parts }: z.infer<typeof Health>) =>
        parts['browser-driver'].instances[0]?.detail.page;
      const look = (isEnough: (health: z.infer<typeof Health>) => boolean) =>
        untilHealth(isEnough, watched.baseUrl);

      const usual = await look((now) => pageOf(now) !== undefined);
      expect(pageOf(usual)).toEqual({ missing: [], changes: [] });
      await page.setFaults({ 'renamed-panel-toggle': true });
      await page.reload();
      const changed = await look((now) => pageOf(now)?.missing.includes('runSettings') === true);
      expect(pageOf(changed)?.missing).toContain('runSettings');
      expect(watched.logs()).toContain('page changed');
      expect(await page.generateContent()).toEqual([]);
    },
    REPAIR_MS,
  );
});

/** The simulator's authority: where the driver was told it is. */
async function caFile(): Promise<string> {
  const environment = await readFile(`/proc/${stack.pidOf('browser-driver')}/environ`, 'utf8');
  const entry = environment.split('\0').find((line) => line.startsWith('AI_STUDIO_CA='));
  return entry?.slice('AI_STUDIO_CA='.length) ?? '';
}
