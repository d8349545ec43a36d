import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it, jest } from '@jest/globals';

import { freePorts, launcherCommand, runDemo } from '../support/demo-command.ts';
import { atEnd, keepForAll } from '../support/keep.ts';
import { createPerson, type Person } from '../support/person.ts';
import { type SimulatorProcess, startSimulator } from '../support/simulator-process.ts';

let folder: string;
let simulated: SimulatorProcess;
let person: Person;

jest.setTimeout(120_000); // Chromium, on a machine that may be busy
const keep = keepForAll();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistudio-signin-'));
  keep(atEnd(() => rm(folder, { recursive: true, force: true })));
  simulated = keep(await startSimulator(folder));
  await simulated.simulator.setFaults({ requireSignIn: true });
  const [port = 0] = await freePorts(1);
  person = await createPerson(folder, port);
});
/** Runs `pnpm signin` to its end, with profiles in this folder. */
async function signin(
  args: readonly string[],
  options: { profiles?: string; act?: () => Promise<void>; env?: Record<string, string> } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { profiles = 'profiles', act, env } = options;
  await using command = await runDemo({
    command: launcherCommand('signin'),
    args,
    env: {
      ...simulated.env,
      AUTH_PROFILES_DIR: join(folder, profiles),
      CHROMIUM_PATH: person.chromiumPath,
      DISPLAY: ':99', // the person's browser does without
      ...env,
    },
  });
  await act?.();
  const code = await command.untilEnded();
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

describe('pnpm signin', () => {
  it('waits for the person, and saves the sign-in privately as the active profile', async () => {
    const { code, stdout } = await signin(['work'], { act: () => person.signIn() });
    expect([code, stdout]).toEqual([0, expect.stringContaining("'work' is saved and active")]);
    const file = join(folder, 'profiles/work.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'profiles'))).mode & 0o777).toBe(0o700);
    expect(await readFile(file, 'utf8')).toContain('__Secure-1PSID');
    const list = await signin(['--list']);
    expect(list.stdout).toMatch(/^\* work +signed in until \d{4}-\d\d-\d\d$/m);
  });

  it('saves nothing when the window is closed before', async () => {
    const { code, stderr } = await signin(['other'], { act: () => person.closeWindow() });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/closed before.*Nothing was saved/)]);
    expect((await signin(['--list'])).stdout).not.toContain('other');
  });

  it('takes a profile to another machine, and refuses what is none', async () => {
    const file = join(folder, 'taken.json');
    const there = await signin(['--export', 'work', '--to', file]);
    expect([there.code, (await stat(file)).mode & 0o777]).toEqual([0, 0o600]);
    const here = await signin(['--import', file, 'home'], { profiles: 'elsewhere' });
    expect([here.code, here.stdout]).toEqual([0, expect.stringContaining("'home' is saved")]);
    const [one, other] = await Promise.all(
      ['profiles/work.json', 'elsewhere/home.json'].map((name) =>
        readFile(join(folder, name), 'utf8'),
      ),
    );
    expect(other).toBe(one);

    await writeFile(file, '{"cookies":[{"name":"SID"}]}');
    const garbage = await signin(['--import', file, 'home'], { profiles: 'elsewhere' });
    expect([garbage.code, garbage.stderr]).toEqual([1, expect.stringContaining('not a saved')]);
    expect(await readFile(join(folder, 'elsewhere/home.json'), 'utf8')).toBe(one);
  });

  it('says how to do without a display, which profile is missing, and how it is used', async () => {
    const blind = await signin([], { env: { DISPLAY: '', WAYLAND_DISPLAY: '' } });
    expect([blind.code, blind.stderr]).toEqual([1, expect.stringMatching(/--export[^]*--import/)]);
    const none = await signin(['--use', 'none']);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("no profile 'none'")]);
    const wrong = await signin(['--list', '--export']);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/^Usage: pnpm signin/)]);
  });
});
