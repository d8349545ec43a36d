import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, it, jest } from '@jest/globals';

import { examples, readPages } from '../documentation/pages.ts';
import { atEnd, keepForAll } from '../support/keep.ts';
import { preparePython } from '../support/python.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** Where the documentation's examples look for the server. */
const ORIGIN = 'http://127.0.0.1:2048';
const PRINTS = 'prints: ';
const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'aistudio-docs-'));
const python = preparePython(folder);
const ownCurl = installOwnCurl();

let stack: Stack;
const keep = keepForAll();
keep(atEnd(() => rmSync(folder, { recursive: true })));
jest.setTimeout(120_000); // a whole system, on a machine that may be busy
beforeAll(async () => {
  stack = keep(await startStack());
});
/** How a block of each language is run; its code follows. */
const PROGRAMS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  sh: ['sh', '-euc'],
  js: [process.execPath, '--input-type=module', '--eval'],
  python: [python.program, '-c'],
};

/** Puts {@link file://./curl.ts} into a folder as a program. Gives a PATH that has it in front. */
function installOwnCurl(): string {
  const tsx = require.resolve('tsx');
  const program = [
    process.execPath,
    '--import',
    tsx,
    join(import.meta.dirname, '../support/curl.ts'),
  ];
  const quoted = program.map((word) => `'${word}'`).join(' ');
  const file = join(folder, 'curl');
  writeFileSync(file, `#!/bin/sh\nexec ${quoted} "$@"\n`);
  chmodSync(file, 0o755);
  return folder + delimiter + String(process.env['PATH']);
}

/** The ways to run an example: what to add to its test's title, and its PATH. */
function waysToRun(language: string): [string, string | undefined][] {
  const usual = process.env['PATH'];
  if (language !== 'sh') return [['', usual]];
  const hasCurl = spawnSync('curl', ['--version']).status === 0; // a minimal Debian has none
  return [
    ...(hasCurl ? [['', usual] as [string, string | undefined]] : []),
    [' by our own curl', ownCurl],
  ];
}

describe('the documentation’s examples', () => {
  const runnable = examples(readPages()).filter(({ note }) => note.startsWith(PRINTS));

  for (const { page, language, code, note } of runnable) {
    const expected = note.slice(PRINTS.length);
    const where = `${page}: ${language}, ${code.trim().split('\n')[0]}`;
    if (language === 'python' && python.missing !== undefined) {
      it.todo(`${where} (${python.missing})`);
      continue;
    }
    it.each(waysToRun(language))(`${where} prints ${expected}%s`, async (_way, PATH) => {
      const [program, ...args] = PROGRAMS[language] ?? [];
      if (program === undefined) throw new Error(`Nothing runs ${language}.`);
      expect(code).toContain(ORIGIN);
      const ours = code.replaceAll(ORIGIN, new URL(stack.baseUrl).origin);
      const env = { ...process.env, PATH };
      const { stdout } = await run(program, [...args, ours], { cwd: import.meta.dirname, env });
      expect(stdout).toContain(expected);
    });
  }
});
