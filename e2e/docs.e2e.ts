import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { examples, readPages } from '../packages/launcher/src/documentation/pages.ts';
import { type Stack, startStack } from './stack.ts';

/** Where the documentation's examples look for the server. */
const ORIGIN = 'http://127.0.0.1:2048';
const PRINTS = 'prints: ';
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

/** How a block of each language is run; its code follows. */
const PROGRAMS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  sh: ['sh', '-euc'],
  js: [process.execPath, '--input-type=module', '--eval'],
  python: [python, '-c'],
};

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

describe('the documentation’s examples', () => {
  const runnable = examples(readPages()).filter(({ note }) => note.startsWith(PRINTS));

  for (const { page, language, code, note } of runnable) {
    const expected = note.slice(PRINTS.length);
    const where = `${page}: ${language}, ${code.trim().split('\n')[0]}`;
    if (language === 'python' && whyNoPython !== undefined) {
      it.todo(`${where} (skipped: ${whyNoPython})`);
      continue;
    }
    it(`${where} prints ${expected}`, async () => {
      const [program, ...args] = PROGRAMS[language] ?? [];
      if (program === undefined) throw new Error(`Nothing runs ${language}.`);
      expect(code).toContain(ORIGIN);
      const ours = code.replaceAll(ORIGIN, new URL(stack.baseUrl).origin);
      const { stdout } = await run(program, [...args, ours], { cwd: import.meta.dirname });
      expect(stdout).toContain(expected);
    });
  }
});
