import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadConfig } from '@aistudio/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { checkMachine, checkSettings, type Finding, toFindingLine } from './checks.ts';

/** A sign-in without a known end. */
const PROFILE = JSON.stringify({
  cookies: [
    {
      name: 'SID',
      value: 'x',
      domain: '.google.com',
      path: '/',
      expires: -1,
      httpOnly: true,
      secure: true,
      sameSite: 'None',
    },
  ],
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aistudio-doctor-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function check(name: string, environment: Record<string, string>): Promise<Finding> {
  const quiet = { PORT: '0', STREAM_PORT: '0', REDIS_URL: 'unix:///nowhere' };
  const findings = await checkMachine(loadConfig({ ...quiet, ...environment }));
  return findings.find((finding) => finding.name === name)!;
}

describe('the doctor', () => {
  it('says which browser is missing', async () => {
    const finding = await check('Chromium', { CHROMIUM_PATH: join(folder, 'none') });
    expect(finding.fix).toBe(`CHROMIUM_PATH names ${folder}/none, which does not exist.`);
  });

  it('warns of settings in .env that have no effect or are read differently', () => {
    const file = join(folder, '.env');
    const lines = (): string[] => checkSettings(file).map(toFindingLine);
    expect(lines()).toEqual(['✓ Settings: no .env: every setting has its default']);
    writeFileSync(file, 'PORT=2048\n');
    expect(lines()).toEqual(['✓ Settings: .env is understood']);
    writeFileSync(file, 'QEUE_LIMIT=5\nADMIN_KEY=a#b\n');
    expect(lines()).toEqual([
      expect.stringMatching(/^! Settings: .*QEUE_LIMIT.* Did you mean QUEUE_LIMIT\?$/),
      expect.stringMatching(/^! Settings: .*ADMIN_KEY holds # or \$/),
    ]);
  });

  it('says that Redis does not answer', async () => {
    expect((await check('Redis', {})).fix).toMatch(/does not answer at unix:\/\/\/nowhere/);
  });

  it('says which port is taken', async () => {
    await using server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = String(typeof address === 'object' && address?.port);
    const finding = await check('Ports', { STREAM_PORT: port });
    expect(finding.fix).toMatch(new RegExp(`^Port ${port} is in use\\..*STREAM_PORT=`));
  });

  it('warns of a key and of a profile that others can read', async () => {
    for (const [file, setting, name] of [
      ['leaf-key.pem', 'CERTS_DIR', 'Certificates'],
      ['profile.json', 'AUTH_PROFILE', 'Profile'],
    ] as const) {
      const path = join(folder, file);
      writeFileSync(path, PROFILE, { mode: 0o600 });
      const environment = {
        STREAM_PORT: '1',
        [setting]: setting === 'CERTS_DIR' ? folder : path,
      };
      expect(await check(name, environment)).toEqual({ name, detail: path });
      chmodSync(path, 0o644);
      expect((await check(name, environment)).fix).toContain(`chmod 600 ${path}`);
    }
  });

  it('says that there is no profile, or none that can be read', async () => {
    const none = { AUTH_PROFILES_DIR: join(folder, 'none') };
    expect((await check('Profile', none)).fix).toMatch(/Run: pnpm signin$/);
    const path = join(folder, 'broken.json');
    writeFileSync(path, '{"cook', { mode: 0o600 });
    expect((await check('Profile', { AUTH_PROFILE: path })).fix).toMatch(/not a saved sign-in/);
  });
});
