import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { parseProfile, type Profile, writeProfile } from '@aistudio/core';
import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { ask, sim } from '../support/asking.ts';
import {
  type DemoCommand,
  freePorts,
  launcherCommand,
  root,
  runDemo,
} from '../support/demo-command.ts';
import { atEnd, keepForAll } from '../support/keep.ts';
import { createPerson } from '../support/person.ts';
import { type SimulatorProcess, startSimulator } from '../support/simulator-process.ts';

/** What the person signed in to, as `pnpm signin` would have saved it. */
const PROFILE: Profile = {
  cookies: ['SID', '__Secure-1PSID'].map((name) => ({
    name,
    value: 'of a sign-in',
    domain: '.google.com',
    path: '/',
    expires: Math.round(Date.now() / 1000) + 100 * 24 * 60 * 60,
    httpOnly: true,
    secure: true,
    sameSite: 'None',
  })),
  origins: [],
};

let folder: string;
let profile: string;
let simulated: SimulatorProcess;

jest.setTimeout(120_000); // a whole system each, on a machine that may be busy
const keep = keepForAll();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aistudio-start-'));
  keep(atEnd(() => rm(folder, { recursive: true, force: true })));
  profile = join(folder, 'auth_profiles/work.json');
  await mkdir(join(folder, 'auth_profiles'));
  simulated = keep(await startSimulator(folder));
});
beforeEach(async () => {
  await simulated.simulator.clear();
  await simulated.simulator.setFaults({ requireSignIn: true });
  await writeProfile(profile, PROFILE);
});

/** `pnpm start` with everything that it keeps in our folder. */
const start = (
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<DemoCommand> =>
  runDemo({
    command: launcherCommand('start'),
    args,
    env: {
      ...simulated.env,
      DATA_DIR: join(folder, 'data'),
      CERTS_DIR: join(folder, 'certs'),
      ERRORS_DIR: join(folder, 'errors'),
      AUTH_PROFILES_DIR: join(folder, 'auth_profiles'),
      LOG_FILE: join(folder, 'logs/app.log'),
      ...env,
    },
  });
const urlOf = ({ env }: DemoCommand): string => `http://127.0.0.1:${env['PORT']}/v1`;

/** Its last line, where the start is to fail with one that says why. */
async function failure(env: Readonly<Record<string, string>>): Promise<string> {
  // without one, the very first start of the API says the one it makes, whatever else fails
  await using command = await start({ ADMIN_KEY: 'sk-admin', ...env });
  expect([await command.untilEnded(), command.stdout()]).toEqual([1, '']);
  return command.stderr().trim().split('\n').at(-1) ?? '';
}

describe('pnpm start', () => {
  it('says in one line what keeps it from starting, and how to mend it', async () => {
    const nobody = { AUTH_PROFILES_DIR: join(folder, 'nobody') };
    expect(await failure(nobody)).toMatch(/^Nobody is signed in.*Run: pnpm signin$/);
    await using old = createServer((socket) => answerLikeRedis(socket, '6.0.16')).listen(
      0,
      '127.0.0.1',
    );
    await once(old, 'listening');
    const address = old.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await failure({ REDIS_URL: `redis://127.0.0.1:${port}` })).toMatch(
      /REDIS_URL is version 6\.0\.16; 6\.2 or newer is needed/,
    );
    await mkdir(join(folder, 'broken'));
    await writeFile(join(folder, 'broken/ca.pem'), 'nonsense');
    expect(await failure({ CERTS_DIR: join(folder, 'broken') })).toMatch(
      /broken\/ca\.pem cannot be used .*Delete it: the next start makes a new one\.$/,
    );
  });

  it('shows what is where, answers, keeps what was rotated, and tells a request’s whole way', async () => {
    await using system = await start();
    await system.untilLine(/^Ready/);
    const table = system.stdout();
    expect(table).toContain(`API           ${urlOf(system)}`);
    expect(table).toMatch(/Profile +.*work\.json, good until \d{4}-\d\d-\d\d/);
    expect(table).toMatch(/Tiers +stream-proxy, then dom/);
    const adminKey = /^Admin key .*: (sk-[\w-]{43})$/m.exec(table)?.[1] ?? 'none';
    expect(adminKey).not.toBe('none');
    expect(table).toMatch(/Models +\d+: .*gemini/);

    const answer = await ask(urlOf(system), 'echo: hello');
    expect(answer).toMatchObject({ text: 'hello', tier: 'stream-proxy' });

    const second = await secondWorker(system);
    expect(second).toMatch(/Another worker \(process \d+ on .*one sign-in serves one worker/);

    // neither their data nor the sign-in is for two, whatever the port is
    expect(await failure({})).toMatch(
      new RegExp(
        `^The data folder .*data is in use: process ${system.child.pid}, since .*on port ${system.env['PORT']}\\. Stop it \\(kill`,
      ),
    );
    expect(await failure({ DATA_DIR: join(folder, 'data-2') })).toMatch(
      /^The profile .*work\.json is in use: process \d+, .*run `pnpm signin NAME`/,
    );

    const killed = driverOf(system); // its lock is still there: the next one must not wait for it
    process.kill(killed ?? 0, 'SIGKILL');
    while ((driverOf(system) ?? killed) === killed) await delay(50);
    await untilHealthy(urlOf(system));
    expect((await ask(urlOf(system), 'echo: back')).text).toBe('back');

    system.child.kill('SIGTERM');
    expect(await system.untilEnded()).toBe(0);
    const saved = parseProfile(await readFile(profile, 'utf8'), profile);
    expect(saved.cookies.map(({ name }) => name)).toContain('SIDCC'); // the simulator renews it
    expect((await stat(profile)).mode & 0o777).toBe(0o600);

    const log = join(folder, 'logs/app.log');
    const way = await tellWay(answer.id, log);
    const order = ['api', 'browser-driver', 'stream-proxy'];
    expect(order.filter((name) => way.includes(name))).toEqual(order);
    expect(way).toMatch(/page taken[^]*answered/);
    expect(way).toContain('answer passed'); // the proxy may say so a moment after the others
    const text = await readFile(log, 'utf8');
    expect(text).not.toMatch(/of a sign-in|echo: hello/);
    expect(text).not.toContain(adminKey);
    expect((await stat(log)).mode & 0o777).toBe(0o600);
  });

  it('ends what runs before it stops, sends away what waits, and presses Run for none of it after the next start', async () => {
    const { simulator } = simulated;
    await using first = await start();
    await first.untilLine(/^Ready/);
    const slow = sim({ text: 'one two three four', chunks: 8, delayMs: 300 });
    let onBegun = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      onBegun = resolve;
    });
    const running = ask(urlOf(first), slow, { onPiece: () => onBegun() });
    await begun;
    const waiting = [ask(urlOf(first), 'echo: waited'), ask(urlOf(first), 'echo: waited too')];
    await untilQueued(urlOf(first), 3);
    first.child.kill('SIGTERM');
    expect(await running).toMatchObject({ text: 'one two three four', failure: undefined });
    for (const { failure: how } of await Promise.all(waiting)) expect(how).toBe('not_ready');
    expect(await first.untilEnded()).toBe(0);
    expect(first.stderr()).toMatch(/what waits is told to ask again/);

    await simulator.clearLog();
    await using next = await start();
    await next.untilLine(/^Ready/);
    await untilQueued(urlOf(next), 0);
    expect(await ask(urlOf(next), 'echo: asked again')).toMatchObject({ text: 'asked again' });
    expect(await simulator.generateContent()).toHaveLength(1);
    next.child.kill('SIGTERM');
    expect(await next.untilEnded()).toBe(0);
  });

  it('starts again after it was killed, and takes over what that one held', async () => {
    await using killed = await start();
    await killed.untilLine(/^Ready/);
    killed.child.kill('SIGKILL');
    await killed.untilNoProcess();
    const locks = [join(folder, 'data/redis.lock'), `${profile}.lock`];
    const holders = (): Promise<string[]> =>
      Promise.all(locks.map((file) => readFile(file, 'utf8')));
    expect(await holders()).toEqual(
      locks.map(() => expect.stringContaining(`"pid":${killed.child.pid},`)),
    );
    await using next = await start();
    await next.untilLine(/^Ready/);
    expect(await holders()).toEqual(
      locks.map(() => expect.stringContaining(`"pid":${next.child.pid},`)),
    );
    next.child.kill('SIGTERM');
    expect(await next.untilEnded()).toBe(0);
    await expect(holders()).rejects.toThrow('ENOENT');
  });

  it('--debug lets the person sign in again in its own window', async () => {
    await rm(profile);
    const [port = 0] = await freePorts(1);
    const person = await createPerson(folder, port);
    await using system = await start(
      { CHROMIUM_PATH: person.chromiumPath, DISPLAY: ':99', AUTH_PROFILE: profile },
      ['--debug'],
    );
    expect(await system.untilLine(/asks to sign in|^Ready|^Not ready/)).toMatch(
      /asks to sign in: do so in the browser window/,
    );
    expect((await ask(urlOf(system), 'echo: no')).failure).toBe('not_signed_in');
    await person.signIn();
    await untilHealthy(urlOf(system));
    expect((await ask(urlOf(system), 'echo: again')).text).toBe('again');
    expect(parseProfile(await readFile(profile, 'utf8'), profile).cookies).not.toEqual([]);
    system.child.kill('SIGTERM');
    expect(await system.untilEnded()).toBe(0);
  });
});

const driverOf = (system: DemoCommand): number | undefined =>
  system.processes().find(({ command }) => command.includes('browser-driver/dist'))?.pid;

/** What a second driver on the same Redis and profile says. */
async function secondWorker(system: DemoCommand): Promise<string> {
  const environment = await readFile(`/proc/${driverOf(system)}/environ`, 'utf8');
  const env = Object.fromEntries(
    environment.split('\0').map((line) => line.split(/=(.*)/s).slice(0, 2)),
  ) as Record<string, string>;
  delete env['NODE_CHANNEL_FD'];
  const main = join(root, 'packages/browser-driver/dist/main.js');
  const run = promisify(execFile)(process.execPath, [main], { env, timeout: 30_000 });
  return run.then(
    () => 'it ran',
    (error: { stderr: string }) => error.stderr,
  );
}

/** What `pnpm logs` prints. */
async function tellWay(id: string, log: string): Promise<string> {
  const [node, ...args] = launcherCommand('logs');
  const env = { ...process.env, LOG_FILE: log };
  return (await promisify(execFile)(node, [...args, id], { cwd: root, env })).stdout;
}

/** Waits until so many requests wait or run. */
async function untilQueued(baseUrl: string, count: number): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  for (;;) {
    const response = await fetch(`${baseUrl}/queue`, { signal });
    const { data } = (await response.json()) as { data: unknown[] };
    if (data.length === count) return;
    await delay(50);
  }
}

async function untilHealthy(baseUrl: string): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  while (!(await fetch(new URL('/health', baseUrl), { signal })).ok) await delay(50);
}

/** As much of Redis as is asked before its version is known. */
function answerLikeRedis(socket: Socket, version: string): void {
  const information = `redis_version:${version}\r\nloading:0\r\n`;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    for (const command of chunk.toString().matchAll(/^\*\d+\r\n\$\d+\r\n(\w+)/gm)) {
      const isInfo = command[1]?.toLowerCase() === 'info';
      socket.write(isInfo ? `$${information.length}\r\n${information}\r\n` : '+OK\r\n');
    }
  });
}
