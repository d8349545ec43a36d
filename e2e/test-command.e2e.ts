import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { createTemporaryFolder } from '../packages/launcher/src/temporary-folder.ts';
import { launcherCommand, root } from './demo-command.ts';

/** A test that fails, and stops nothing of what it started. */
const LEAKING = `
it.todo('waits for a network');
it('fails', async () => {
  const { pid } = require('node:child_process').spawn('sleep', ['3600'], { detached: true });
  const server = require('node:net').createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  console.log('pid ' + pid + ' port ' + server.address().port);
  expect(1).toBe(2);
});`;

describe('the test command', () => {
  it('ends soon after a failed test that left things open, names them and what did not run', async () => {
    await using folder = await createTemporaryFolder('aistudio-planted-');
    const sources = join(folder.path, 'packages/planted/src');
    await mkdir(sources, { recursive: true });
    await writeFile(join(sources, 'leaking.test.ts'), LEAKING);
    await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'));

    const { code, output } = await runTests(['--rootDir', folder.path]);
    const [, pid = '', port = ''] = /pid (\d+) port (\d+)/.exec(output) ?? [];
    expect(output).toContain('Tests:       1 failed, 1 todo');
    expect(output).toContain('not run: waits for a network');
    expect(output).toContain(`process ${pid}: sleep 3600`);
    expect(output).toContain(`server at 127.0.0.1:${port}`);
    expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
    expect(code).toBe(1);
  });
});

/** Runs what `pnpm test` runs; it has a minute. No package manager is on its PATH. */
function runTests(args: readonly string[]): Promise<{ code: unknown; output: string }> {
  const [program, ...rest] = launcherCommand('test');
  const options = { cwd: root, timeout: 55_000, env: { ...process.env, PATH: '/usr/bin:/bin' } };
  return new Promise((resolve) => {
    execFile(program, [...rest, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, output: stdout + stderr });
    });
  });
}
