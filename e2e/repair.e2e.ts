import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import OpenAI, { APIError } from 'openai';
import { z } from 'zod';

import { root } from './demo-command.ts';
import { Simulator } from './simulator.ts';
import { type Stack, startStack } from './stack.ts';

const MODEL = 'gemini-2.5-flash';
const WAIT_MS = 60_000;
/** A page whose toggle of the run settings has another name: none of its settings can be reached. */
const RENAMED = { variant: 'u3', 'renamed-panel-toggle': true };
const SimHealth = z.object({ port: z.number() });
const Health = z.object({
  ready: z.boolean(),
  parts: z.object({
    'browser-driver': z.object({
      instances: z.array(
        z.object({
          detail: z.object({
            pagePacks: z.object({ packs: z.array(z.string()), problems: z.array(z.string()) }),
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

/** A prompt that takes the run settings. */
const ask = async (text: string): Promise<string> => {
  const { choices } = await client.chat.completions.create({
    model: MODEL,
    temperature: 0.3,
    messages: [
      { role: 'system', content: 'Answer briefly.' },
      { role: 'user', content: `echo: ${text}` },
    ],
  });
  return choices[0]?.message.content ?? '';
};

/** Health as soon as `isEnough`; else as it was last. */
async function untilHealth(
  isEnough: (health: z.infer<typeof Health>) => boolean,
): Promise<z.infer<typeof Health>> {
  const giveUpAt = Date.now() + WAIT_MS;
  for (;;) {
    const response = await fetch(new URL('/health', stack.baseUrl));
    const health = Health.parse(await response.json());
    if (isEnough(health) || Date.now() > giveUpAt) return health;
  }
}

const packStatus = ({ parts }: z.infer<typeof Health>) =>
  parts['browser-driver'].instances[0]?.detail.pagePacks;

/** Runs `pnpm run doctor --page`; gives its report and its exit code. */
async function visit(...args: string[]): Promise<{ report: Report; code: number }> {
  const { port } = SimHealth.parse(await (await fetch(`${stack.controlUrl}/health`)).json());
  const doctor = join(root, 'packages/launcher/src/doctor.ts');
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
  it('is repaired while the system runs, by the page pack that the doctor writes', async () => {
    const driver = stack.pidOf('browser-driver');
    expect(await ask('before')).toBe('before');
    await simulator.setFaults(RENAMED);
    await simulator.reload();
    const failure: unknown = await ask('broken').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ status: expect.any(Number) });
    expect(await simulator.generateContent()).toEqual(
      expect.not.arrayContaining([expect.arrayContaining(['broken'])]),
    );

    const broken = await visit('--write-pack', join(packs, 'repair.json'));
    expect(broken.code).toBe(1);
    expect(broken.report.canAnswer).toBe(false);
    const toggle = broken.report.elements.find(({ name }) => name === 'openRunSettings');
    expect(toggle).toMatchObject({ status: 'missing' });
    expect(toggle?.candidates?.[0]?.what).toContain('Show the settings of the run');

    const health = await untilHealth((now) => now.ready && packStatus(now)?.packs.length === 1);
    expect(packStatus(health)?.packs).toEqual([expect.stringMatching(/^repair-/)]);
    expect(await ask('after')).toBe('after');
    expect(stack.pidOf('browser-driver')).toBe(driver);
    expect(stack.logs()).toContain('page packs in use');

    const repaired = await visit();
    expect(repaired.code).toBe(0);
    expect(repaired.report.elements.find(({ name }) => name === 'openRunSettings')).toMatchObject({
      status: 'found',
      pack: expect.stringMatching(/^repair-/),
    });
  });

  it('is answered as before when a pack is wrong, and health says where it is wrong', async () => {
    await writeFile(
      join(packs, 'wrong.json'),
      '{"version": 1, "name": "w", "selectors": {"a": []}}',
    );
    const health = await untilHealth((now) => packStatus(now)?.problems.length === 1);
    expect(packStatus(health)?.problems[0]).toMatch(/wrong\.json: selectors\.a: /);
    expect(await ask('still')).toBe('still');
    await rm(join(packs, 'wrong.json'));
  });

  it('is answered as before when a pack has a selector that is no CSS', async () => {
    const pack = {
      version: 1,
      name: 'no-css',
      selectors: { runButton: ['button[', 'button:run'] },
    };
    await writeFile(join(packs, 'zz.json'), JSON.stringify(pack));
    expect(await ask('still')).toBe('still');
    const health = await untilHealth((now) => packStatus(now)?.problems.length === 2);
    expect(packStatus(health)?.problems[0]).toContain('selectors.runButton: not CSS');
    await rm(join(packs, 'zz.json'));
  });

  it('leaves a report that names the page packs in use', async () => {
    const [report] = await readdir(join(folder, 'errors'));
    const text = await readFile(join(folder, 'errors', report ?? '', 'report.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ pagePacks: { names: [], digest: 'none' } });
  });
});

/** The simulator's authority: where the driver was told it is. */
async function caFile(): Promise<string> {
  const environment = await readFile(`/proc/${stack.pidOf('browser-driver')}/environ`, 'utf8');
  const entry = environment.split('\0').find((line) => line.startsWith('AI_STUDIO_CA='));
  return entry?.slice('AI_STUDIO_CA='.length) ?? '';
}
