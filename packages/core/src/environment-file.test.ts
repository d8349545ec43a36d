import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { checkEnvironmentFile, readEnvironment } from './environment-file.ts';

describe('readEnvironment', () => {
  it('takes from the file only what the environment lacks', () => {
    const folder = mkdtempSync(join(tmpdir(), 'aistudio-config-'));
    const file = join(folder, '.env');
    writeFileSync(file, 'PATH=/nowhere\nFROM_THE_FILE="two words"\n');
    const environment = readEnvironment(file);
    expect(readEnvironment(file, ['FROM_THE_FILE'])).not.toHaveProperty('FROM_THE_FILE');
    rmSync(folder, { recursive: true });
    expect(environment['FROM_THE_FILE']).toBe('two words');
    expect(environment['PATH']).not.toBe('/nowhere');
    expect(readEnvironment(file)).not.toHaveProperty('FROM_THE_FILE');
  });
});

describe('checkEnvironmentFile', () => {
  const check = (text: string): string[] => {
    const folder = mkdtempSync(join(tmpdir(), 'aistudio-config-'));
    try {
      writeFileSync(join(folder, '.env'), text);
      return checkEnvironmentFile(join(folder, '.env'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('names the setting that a misspelt one may be', () => {
    expect(check('SILENCE_TIMEOUT=5000\nQUEUE_LIMITS=5\n').toSorted()).toEqual([
      '.env sets QUEUE_LIMITS, which is no setting, so it has no effect. Did you mean QUEUE_LIMIT?',
      '.env sets SILENCE_TIMEOUT, which is no setting, so it has no effect. Did you mean SILENCE_TIMEOUT_MS?',
    ]);
    expect(check('SOMETHING_ELSE_ENTIRELY=1')).toEqual([
      '.env sets SOMETHING_ELSE_ENTIRELY, which is no setting, so it has no effect.',
    ]);
  });

  it.each(['API_KEYS=sk-a#b', 'API_KEYS="sk-$HOME"', 'API_KEYS=sk-a$b'])(
    'warns of a value that Node and compose read differently: %s',
    (line) => {
      expect(check(line)).toEqual([
        ".env: the value of API_KEYS holds # or $, which programs read differently. Put it in single quotes: API_KEYS='…'",
      ]);
    },
  );

  it('has nothing to say about the rest', () => {
    expect(
      check("# a comment # $x\nPORT=2048 # $here\nAPI_KEYS='sk-a#$b'\nNODE_OPTIONS=--x\nHOST=\n"),
    ).toEqual([]);
    expect(checkEnvironmentFile('/nowhere/.env')).toEqual([]);
  });
});
