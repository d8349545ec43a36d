import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { readStart } from '../supervisor/process-identity.ts';
import { APT_PATH, APT_SCRIPT, removeLeftPolicy } from './apt-script.ts';

let folder: string;
let policy: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aistudio-apt-'));
  policy = join(folder, 'policy-rc.d');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script with an apt-get that is this shell program. */
function runScript(aptGet: string): ChildProcess {
  const programs = join(folder, 'bin');
  mkdirSync(programs);
  writeFileSync(join(programs, 'apt-get'), `#!/bin/sh\n${aptGet}\n`);
  chmodSync(join(programs, 'apt-get'), 0o755);
  const path = programs + delimiter + APT_PATH;
  return spawn('sh', ['-c', APT_SCRIPT, 'sh', policy, path, 'redis-server'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** An apt-get that says that it installs, and then takes its time. */
const SLOW = `
case "$1" in update) exit 0 ;; esac
trap 'kill $!; echo ended >"\${0%/*}/../apt-ended"; exit 1' TERM
echo installing
sleep 60 & wait`;

async function untilInstalling(script: ChildProcess): Promise<void> {
  await once(script.stdout!, 'data');
}

const removing = (removed: string[] = []): Parameters<typeof removeLeftPolicy>[0] => ({
  file: policy,
  readStart,
  removeAsRoot: (file) => Promise.resolve(removed.push(file) > 0),
});

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the apt step', () => {
  it('installs with a policy of ours in place, and removes it', async () => {
    const script = runScript(`cat "${policy}" >>"${folder}/seen"; echo "$@" >>"${folder}/asked"`);
    expect(await once(script, 'close')).toEqual([0, null]);
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toMatch(/^#!\/bin\/sh\n# .*\nexit 101\n/);
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe(
      'update -qq\ninstall -y -qq --no-install-recommends redis-server\n',
    );
    expect(existsSync(policy)).toBe(false);
  });

  it('fails with apt-get, and removes the policy', async () => {
    expect(await once(runScript('exit 100'), 'close')).toEqual([100, null]);
    expect(existsSync(policy)).toBe(false);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends at %s together with apt-get, and removes the policy', async (name, code) => {
    const script = runScript(SLOW);
    await untilInstalling(script);
    expect(existsSync(policy)).toBe(true);
    script.kill(name);
    expect(await once(script, 'exit')).toEqual([code, null]);
    expect(existsSync(join(folder, 'apt-ended'))).toBe(true);
    expect(existsSync(policy)).toBe(false);
  });

  it('leaves a policy that was there before as it is', async () => {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n');
    expect(await once(runScript('exit 0'), 'close')).toEqual([0, null]);
    expect(readFileSync(policy, 'utf8')).toBe('#!/bin/sh\nexit 101\n');
  });

  it('leaves a policy when it is killed, which the next set-up removes', async () => {
    const script = runScript(SLOW.replace('echo installing', () => 'echo $$'));
    const [line] = (await once(script.stdout!, 'data')) as [Buffer];
    expect(await removeLeftPolicy(removing())).toBeUndefined();
    expect(existsSync(policy)).toBe(true); // its process still runs
    const closed = once(script, 'close'); // at the end of apt-get, which holds the output open
    script.kill('SIGKILL');
    process.kill(Number(line.toString()), 'SIGTERM');
    await closed;
    expect(await removeLeftPolicy(removing())).toBeUndefined();
    expect(existsSync(policy)).toBe(false);
  });
});

describe('removeLeftPolicy', () => {
  const left = '#!/bin/sh\n# aistudio-proxy set-up: process 4711 boot:1\nexit 101\n';

  it('touches no policy of anybody else', async () => {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n');
    expect(await removeLeftPolicy(removing())).toBeUndefined();
    expect(existsSync(policy)).toBe(true);
  });

  it('asks root where we may not, and else says what to run', async () => {
    mkdirSync(policy); // reading it as a file fails: it is not ours
    expect(await removeLeftPolicy(removing())).toBeUndefined();
    rmSync(policy, { recursive: true });
    writeFileSync(policy, left);
    const world = { ...removing(), removeFile: () => Promise.reject(new Error('EACCES')) };
    const denied = { ...world, removeAsRoot: () => Promise.resolve(false) };
    expect(await removeLeftPolicy(denied)).toMatch(/Run: sudo rm .*policy-rc\.d$/);
    const asked: string[] = [];
    const root = { ...removing(asked), removeFile: world.removeFile };
    expect(await removeLeftPolicy(root)).toBeUndefined();
    expect(asked).toEqual([policy]);
  });
});
