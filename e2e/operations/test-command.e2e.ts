import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { createTemporaryFolder } from '../../packages/launcher/src/setup/temporary-folder.ts';
import { root, sourceCommand } from '../support/demo-command.ts';

/** A test that fails, and stops nothing of what it started. */
const LEAKING = `
it.todo('waits for a network');
it('fails', async () => {
  const { pid } = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
  const server = require('node:net').createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  console.log('pid ' + pid + ' port ' + server.address().port);
  expect(1).toBe(2);
});`;

describe('the test command', () => {
  it('compiles nothing that is built, and needs no package manager on its PATH', async () => {
    await using folder = await createTemporaryFolder('aistudio-path-');
    await symlink(
      findOnPath('redis-server') ?? findOnPath('valkey-server') ?? '',
      join(folder.path, 'redis-server'),
    );
    const built = join(root, 'packages/core/dist/index.js');
    const { mtimeMs } = await stat(built);
    const { code, output } = await runTests(['packages/core/src/profile.test'], folder.path);
    expect([code, output]).toEqual([0, expect.stringContaining('PASS')]);
    expect((await stat(built)).mtimeMs).toBe(mtimeMs);
  });

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
    expect(output).toContain(`process ${pid}: ${process.execPath} -e`);
    expect(output).toContain(`server at 127.0.0.1:${port}`);
    expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
    expect(code).toBe(1);
  });
});

const findOnPath = (name: string): string | undefined =>
  process.env['PATH']
    ?.split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));

/** Runs what `pnpm test` runs; it has a minute. */
function runTests(
  args: readonly string[],
  PATH = process.env['PATH'],
): Promise<{ code: unknown; output: string }> {
  const [program, ...rest] = sourceCommand('e2e/run-tests.ts');
  const options = { cwd: root, timeout: 55_000, env: { ...process.env, PATH, CI: '' } };
  return new Promise((resolve) => {
    execFile(program, [...rest, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, output: stdout + stderr });
    });
  });
}
