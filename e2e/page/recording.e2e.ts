import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chromium } from 'playwright';
import { z } from 'zod';

import { findChromium } from '../../packages/browser-driver/src/browser/browser.ts';
import { readTree } from '../../packages/browser-driver/src/page/recording/read-tree.ts';
import { createPlaceholders } from '../../packages/recorder/src/placeholders.ts';
import { readRecording } from '../../packages/recorder/src/recording-file.ts';
import { type Recording } from '../../packages/recorder/src/recording.ts';
import { redactPage } from '../../packages/recorder/src/redact-page.ts';
import { launcherCommand, root } from '../support/demo-command.ts';
import { shareStack } from '../support/shared-stack.ts';

jest.setTimeout(180_000);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistudio-recording-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const Report = z.object({
  steps: z.array(
    z.object({
      step: z.string(),
      lacking: z.array(z.string()),
      missing: z.array(z.string()),
      run: z.string(),
    }),
  ),
  calls: z.array(
    z.object({
      method: z.string(),
      outcome: z.string(),
      events: z.array(z.looseObject({ type: z.string() })).optional(),
    }),
  ),
  problems: z.array(z.string()),
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, with no settings but these. */
async function run(
  [command, ...args]: readonly [string, ...string[]],
  settings: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { PATH = '', CHROMIUM_PATH = '' } = process.env;
  const env = { PATH, CHROMIUM_PATH, HOME: folder, ...settings };
  return new Promise((resolve) => {
    const options = { cwd: root, env, maxBuffer: 1 << 26 };
    const child = execFile(command, args, options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

/** The program that `pnpm replay` runs, after its set-up. */
const REPLAY = [process.execPath, 'packages/browser-driver/dist/replay-recording.js'] as const;

async function replay(
  file: string,
  command: readonly [string, ...string[]] = REPLAY,
): Promise<{ code: number; report: z.infer<typeof Report> }> {
  const { code, stdout, stderr } = await run([...command, file, '--json']);
  if (!stdout.startsWith('{')) throw new Error(stderr);
  return { code, report: Report.parse(JSON.parse(stdout)) };
}

describe('pnpm record', () => {
  const shared = shareStack();

  /** How a command on this machine reaches the stack: by its port, and where its Redis is. */
  async function environment(): Promise<Record<string, string>> {
    const { stack } = shared;
    const variables = await readFile(`/proc/${stack.pidOf('browser-driver')}/environ`, 'utf8');
    const [, socket = ''] = /(?:^|\0)REDIS_URL=unix:\/\/([^\0]+)/.exec(variables) ?? [];
    return { PORT: String(stack.ports.api), TMPDIR: dirname(dirname(socket)) };
  }

  async function record(name: string, ...args: string[]): Promise<Ended & { file: string }> {
    const file = join(folder, `${name}.json`);
    return {
      ...(await run([...launcherCommand('record'), '--out', file, ...args], await environment())),
      file,
    };
  }

  const stepsOf = ({ steps }: Recording): string[] => steps.map(({ name }) => name).toSorted();

  it('keeps each step and each call of one prompt, and none of its words', async () => {
    const prompt =
      'Kirschkuchen for maria.muster@mail.example, and nothing else. echo: Pflaumenmus 19850412';
    await shared.simulator.clear();
    const { code, stdout, stderr, file } = await record(
      'plain',
      '--prompt',
      prompt,
      '--model',
      'gemini-2.5-flash',
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('presses Run once')]);
    expect((await shared.simulator.rpcs()).filter((rpc) => rpc === 'GenerateContent')).toHaveLength(
      1,
    );
    expect(stdout).toContain('Kept the calls: ');

    const recording = await readRecording(file);
    expect(recording.notes).toEqual([]);
    expect(stepsOf(recording)).toEqual([
      'answered',
      'answering',
      'empty chat',
      'loaded',
      'model picker',
      'new chat',
      'prompt entered',
      'run pressed',
      'settings changed',
      'settings read',
      'system instructions',
      'upload menu',
    ]);
    const methods = recording.calls.map(({ method }) => method);
    for (const method of ['ListModels', 'GenerateContent']) expect(methods).toContain(method);
    const text = await readFile(file, 'utf8');
    expect(text).not.toMatch(/Kirschkuchen|maria|muster|Pflaumenmus|19850412/i);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'plain.preview.txt'), 'utf8')).toContain('Steps');

    const { code: replayed, report } = await replay(file, launcherCommand('replay'));
    expect([report.problems, replayed]).toEqual([[], 0]);
    expect(report.steps.filter(({ lacking }) => lacking.length > 0)).toEqual([]);
    const [answer] = report.calls.filter(({ events }) => events);
    expect(answer?.events?.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
    const runAt = (name: string): string | undefined =>
      report.steps.find(({ step }) => step === name)?.run;
    expect([runAt('empty chat'), runAt('prompt entered')]).toEqual(['disabled', 'ready']);
  });

  it('records a prompt that fails, too', async () => {
    const prompt =
      '@sim {"error":{"status":429,"code":8,"message":"Resource has been exhausted (e.g. check quota)."}}';
    const { code, stderr, file } = await record(
      'refused',
      '--prompt',
      prompt,
      '--model',
      'gemini-2.5-pro',
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('The prompt failed')]);
    const { report } = await replay(file);
    const [answer] = report.calls.filter(({ events }) => events);
    expect(answer?.events?.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'rate_limit_exceeded' },
    });
  });

  it('records the next prompt of any client', async () => {
    const recorded = record('next', '--next');
    // The wish stands in Redis before the command waits; prompts are sent until one has been taken.
    const over = new AbortController();
    void recorded.finally(() => over.abort());
    while (!over.signal.aborted) {
      await shared.client.chat.completions.create({
        model: 'gemini-2.5-flash',
        messages: [{ role: 'user', content: 'echo: Zwetschgendatschi' }],
      });
    }
    const { code, file } = await recorded;
    expect(code).toBe(0);
    expect(await readFile(file, 'utf8')).not.toContain('Zwetschgendatschi');
  });

  it('sends nothing, and leaves no wish behind, when the API refuses the prompt', async () => {
    const { code, stderr } = await record('none', '--prompt', 'x', '--model', 'no-such-model');
    expect([code, stderr]).toEqual([1, expect.stringContaining('no-such-model')]);
    expect(await readdir(folder)).not.toContain('none.json');
    await shared.client.chat.completions.create({
      model: 'gemini-2.5-flash',
      messages: [{ role: 'user', content: 'echo: not recorded' }],
    });
    expect(shared.stack.logs().match(/recording begins/g)).toHaveLength(3);
  });

  it('says how to go on when no system runs', async () => {
    const { code, stderr } = await run(launcherCommand('record'), { PORT: '1', TMPDIR: folder });
    expect([code, stderr]).toEqual([1, expect.stringContaining('pnpm start')]);
  });
});

describe('what is read of a page', () => {
  const ADDRESS = 'maria.muster@mail.example';
  const PAGE = `<!doctype html><html lang="en"><head>
    <title>${ADDRESS}</title><meta name="author" content="${ADDRESS}"><base href="/?${ADDRESS}">
    <style>.a::after { content: "${ADDRESS}" }</style><script>window.account = "${ADDRESS}"</script>
    </head><body data-account="${ADDRESS}"><!-- ${ADDRESS} -->
    <p class="${ADDRESS}" style="background: url(/${ADDRESS})">To ${ADDRESS}!</p>
    <button aria-label="Google Account: Maria Muster (${ADDRESS})" title="${ADDRESS}">${ADDRESS}</button>
    <a href="mailto:${ADDRESS}">${ADDRESS}</a><img alt="${ADDRESS}" src="data:,${ADDRESS}">
    <input value="${ADDRESS}"><textarea>${ADDRESS}</textarea><select><option value="${ADDRESS}">${ADDRESS}</option></select>
    <template>${ADDRESS}</template><noscript>${ADDRESS}</noscript><iframe srcdoc="${ADDRESS}" title="${ADDRESS}"></iframe>
    <div id="host"></div><div contenteditable>${ADDRESS}</div>
    <div style="display: none"><span>Run</span></div>
    <div style="visibility: hidden">Stop<b style="visibility: visible">Edit</b></div>
    <div style="display: contents"><i>Copy</i></div></body></html>`;

  it('has an e-mail address nowhere, and shows what was shown', async () => {
    const browser = await chromium.launch({
      executablePath: findChromium(process.env['CHROMIUM_PATH'] || undefined),
      chromiumSandbox: process.getuid?.() !== 0,
    });
    try {
      const page = await browser.newPage();
      await page.route('**', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
      await page.goto(`https://aistudio.google.com/${ADDRESS}?mail=${ADDRESS}#${ADDRESS}`);
      await page.evaluate((address) => {
        localStorage.setItem('account', address);
        sessionStorage.setItem('account', address);
        history.replaceState({ address }, '');
        const shadow = document.querySelector('#host')?.attachShadow({ mode: 'open' });
        if (shadow)
          shadow.innerHTML = `<p title="${address}">${address}</p><input value="${address}">`;
        const field = document.querySelector('input');
        if (field) field.value = `typed ${address}`;
      }, ADDRESS);
      const html = redactPage(await readTree(page), createPlaceholders());
      expect(html).not.toMatch(/maria|muster|mail\.example/i);
      expect(html).toContain('<div data-recorded="none"><span>Run</span></div>');
      expect(html).toContain(
        '<div data-recorded="hidden">Stop<b data-recorded="visible">Edit</b></div>',
      );
      expect(html).toContain('<div data-recorded="contents"><i>Copy</i></div>');
      expect(html).toContain('<template shadowrootmode="open"><p');
    } finally {
      await browser.close();
    }
  });
});

describe('recordings in fixtures/recordings', () => {
  it('are all answered by today’s driver', async () => {
    const all = await readdir(join(root, 'fixtures/recordings'));
    const files = all.filter((name) => /\.json(?:\.gz)?$/.test(name));
    expect(files.length).toBeGreaterThan(0);
    const problems: Record<string, readonly string[]> = {};
    for (const file of files) {
      const { report } = await replay(join(root, 'fixtures/recordings', file));
      if (report.problems.length > 0) problems[file] = report.problems;
    }
    expect(problems).toEqual({});
  });
});
