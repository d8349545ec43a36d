import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

let folder: string;
let main: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aistudio-private-'));
  main = join(folder, 'main.mjs');
  const module = pathToFileURL(join(import.meta.dirname, 'print-privately.ts')).href;
  const source = `await (await import(${JSON.stringify(module)})).printPrivately('key'); process.exit(1);`;
  writeFileSync(main, source);
});
afterAll(() => rmSync(folder, { recursive: true }));

const node = ['--import', import.meta.resolve('tsx')];

it('sends the line to a parent that listens, not to the output, before a process that dies next', async () => {
  const child = fork(main, { execArgv: node, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [[message]] = await Promise.all([once(child, 'message'), once(child, 'close')]);
  expect(message).toEqual({ type: 'private', line: 'key' });
  expect(printed).toBe('');
});

it('prints the line where nobody started us over IPC', () => {
  let printed = '';
  try {
    execFileSync(process.execPath, [...node, main]);
  } catch (error) {
    printed = String((error as { stdout: Buffer }).stdout);
  }
  expect(printed).toBe('key\n');
});
