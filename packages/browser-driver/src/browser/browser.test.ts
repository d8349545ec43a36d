/* oxlint-disable node/no-process-env -- the test is about what is in it */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { silentLog } from '@aistudio/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chromium } from 'playwright';

import { launchBrowser } from './browser.ts';

let folder: string;
let program: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'browser-'));
  program = join(folder, 'chromium');
  // Writes down how it was started, and ends.
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" >'${folder}/switches'\nenv >'${folder}/environment'\n`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The features that the last program was told to do without. */
const featuresOff = (): string[] => {
  const lines = readFileSync(join(folder, 'switches'), 'utf8').split('\n');
  const last = lines.findLast((line) => line.startsWith('--disable-features='));
  return last?.split('=')[1]?.split(',') ?? [];
};
const launch = async (): Promise<unknown> => {
  const options = { chromiumPath: program, isHeadless: true, pins: [], resolve: {} };
  return launchBrowser(options, silentLog).catch(() => undefined); // it is no browser
};

describe('Chromium', () => {
  it('does without all that Playwright switches off, and without asking Google about forms', async () => {
    await chromium.launch({ executablePath: program }).catch(() => undefined);
    const byPlaywright = featuresOff();
    await launch();
    expect(byPlaywright.length).toBeGreaterThan(0);
    expect(featuresOff()).toEqual(expect.arrayContaining(byPlaywright));
    expect(featuresOff()).toContain('AutofillServerCommunication');
  });

  it('has none of our secrets in its environment', async () => {
    process.env['HELPER_API_KEY'] = 'a secret';
    try {
      await launch();
    } finally {
      delete process.env['HELPER_API_KEY'];
    }
    const environment = readFileSync(join(folder, 'environment'), 'utf8');
    expect(environment).toContain('PATH=');
    expect(environment).not.toContain('a secret');
  });
});
