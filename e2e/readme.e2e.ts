import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { root } from './demo-command.ts';
import { type Stack, startStack } from './stack.ts';

const README_URL = 'http://127.0.0.1:2048/v1';
/** From what the simulator says to every ordinary prompt. */
const ANSWER = 'same few paragraphs';
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const run = promisify(execFile);

/** A virtual environment with the newest `openai`; or why there is none. */
const folder = mkdtempSync(join(tmpdir(), 'aistudio-python-'));
const python = join(folder, 'bin/python');
const whyNoPython = preparePython();

let stack: Stack;
jest.setTimeout(120_000); // a whole system, on a machine that may be busy
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stack[Symbol.asyncDispose]();
});

/** The README's example in this language, as it stands there but for the address. */
function example(language: string): string {
  const code = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readme)?.[1] ?? '';
  expect(code).toContain(README_URL);
  return code.replace(README_URL, stack.baseUrl);
}

function preparePython(): string | undefined {
  const steps = [
    ['python3', '-m', 'venv', folder],
    [python, '-m', 'pip', 'install', '--quiet', '--retries', '0', '--timeout', '10', 'openai'],
  ];
  for (const [command = '', ...args] of steps) {
    const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) return error?.message ?? stderr.trim().split('\n').at(-1);
  }
  return undefined;
}

describe('the README', () => {
  it('has a JavaScript example that works', async () => {
    const args = ['--input-type=module', '--eval', example('js')];
    const { stdout } = await run(process.execPath, args, { cwd: import.meta.dirname });
    expect(stdout).toContain(ANSWER);
  });

  if (whyNoPython === undefined) {
    it('has a Python example that works', async () => {
      const { stdout } = await run(python, ['-c', example('python')]);
      expect(stdout).toContain(ANSWER);
    });
  } else {
    it.todo(`has a Python example that works (skipped: ${whyNoPython})`);
  }

  it('links to nothing that is missing', () => {
    const links = Array.from(readme.matchAll(/\]\(([^)#]+)\)/g), ([, link = '']) => link);
    const missing = links.filter((link) => !/^https?:/.test(link) && !existsSync(join(root, link)));
    expect([links.length > 0, missing]).toEqual([true, []]);
  });
});
