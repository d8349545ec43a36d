import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import winston from 'winston';

import { LogFile } from './log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aistudio-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Looks again and again until `holds`, for at most five seconds. */
async function until(holds: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 5000;
  while (!holds()) {
    if (Date.now() > giveUpAt) throw new Error('it never came');
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

function createLog(path: string): winston.Logger {
  const format = winston.format.json();
  return winston.createLogger({ transports: [new LogFile(path, format)] });
}

describe('LogFile', () => {
  it('writes every line in order, for its owner alone', async () => {
    const path = join(folder, 'app.log');
    const log = createLog(path);
    for (let number = 0; number < 500; number += 1) log.info('line', { number });
    await until(() => read(path).split('\n').length === 501);
    const numbers = read(path)
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { number: number }).number);
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, number) => number));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    log.close();
  });

  it('makes the folder of the file, also when it is removed meanwhile', async () => {
    const path = join(folder, 'logs/deep/app.log');
    const log = createLog(path);
    log.info('first');
    await until(() => read(path).includes('first'));
    rmSync(join(folder, 'logs'), { recursive: true });
    log.info('second');
    await until(() => read(path).includes('second'));
    expect(read(path)).not.toContain('first');
    log.close();
  });

  it('goes on once the file can be written again', async () => {
    const path = join(folder, 'app.log');
    mkdirSync(path); // what cannot be written, as on a full disk
    const log = createLog(path);
    log.info('before');
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    rmSync(path, { recursive: true });
    log.info('after');
    await until(() => read(path).includes('after'));
    expect(read(path).indexOf('before')).toBeLessThan(read(path).indexOf('after'));
    log.close();
  });

  it('says how many lines it lost when it could keep no more', async () => {
    const path = join(folder, 'app.log');
    mkdirSync(path);
    const log = createLog(path);
    const long = 'x'.repeat(100_000);
    for (let number = 0; number < 20; number += 1) log.info(long);
    rmSync(path, { recursive: true });
    const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);
    const lost = (): number =>
      sum([...read(path).matchAll(/"lines":(\d+)/g)].map(([, lines]) => Number(lines)));
    await until(() => read(path).split(long).length - 1 + lost() === 20);
    expect(lost()).toBeGreaterThan(5);
    log.close();
  });

  it('begins a new file before one grows too large', async () => {
    const path = join(folder, 'app.log');
    writeFileSync(path, 'old\n'.repeat(2_621_430));
    const log = createLog(path);
    log.info('new', { text: 'x'.repeat(200) });
    await until(() => read(path).includes('"new"'));
    expect(read(path)).not.toContain('old');
    expect(read(join(folder, 'app1.log'))).toContain('old');
    log.close();
  });
});
