import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { silentLog } from '@aistudio/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { type Program, startChild } from './child.ts';
import { nodeProcess } from './node-process.ts';
import { supervise } from './supervise.ts';

const READY = `process.send({ type: 'ready', pid: process.pid });`;
const LIVE = `setInterval(() => undefined, 1000); process.on('disconnect', () => process.exit());`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aistudio-supervise-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function program(source: string): Program<{ pid: number }> {
  const main = join(folder, `${Math.random()}.cjs`);
  writeFileSync(main, source);
  return nodeProcess({ name: 'fake', main, environment: {}, ready: z.object({ pid: z.number() }) });
}

const signal = new AbortController().signal;
const options = { log: silentLog, signal };

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('startChild', () => {
  it('waits for the ready message and passes on what it says', async () => {
    const lines: string[] = [];
    await using child = await startChild(
      program(`process.stderr.write('up\\n', () => { ${READY} }); ${LIVE}`),
      { signal, onLine: (line) => lines.push(line) },
    );
    expect(child.ready).toEqual({ pid: child.pid });
    await until(() => lines.length > 0);
    expect(lines).toEqual(['up']);
  });

  it('says how a child ended that never was ready, with its last words', async () => {
    const broken = program(`console.error('no such port'); process.exit(3);`);
    await expect(startChild(broken, { signal })).rejects.toThrow(
      'fake ended with code 3\n  no such port',
    );
  });

  it('keeps what is for the person alone out of every message about an early end', async () => {
    const shown: string[] = [];
    const warned: string[] = [];
    const main = join(folder, 'early-death.cjs');
    writeFileSync(
      main,
      `console.log('Admin key: sk-printed-secret'); console.error('API key: sk-logged-secret');
       process.send({ type: 'private', line: 'Admin key: sk-sent-secret' }, () => process.exit(1));`,
    );
    const dying = nodeProcess({
      name: 'fake',
      main,
      environment: {},
      ready: z.unknown(),
      onPrivateLine: (line) => shown.push(line),
    });
    await startChild(dying, { signal }).catch((error: unknown) => warned.push(String(error)));
    expect(shown).toEqual(['Admin key: sk-sent-secret']);
    expect(warned).toEqual(['Error: fake ended with code 1\n  API key: sk-***']);
  });

  it('says so when a program cannot be started', async () => {
    const missing = { ...program(''), spawn: () => spawn('/no/such/program', { detached: true }) };
    await expect(startChild(missing, { signal })).rejects.toThrow('could not be started: spawn');
  });

  it('gives up on a child that is not ready in time, and ends it', async () => {
    let pid = 0;
    const slow = program(LIVE);
    const watched = {
      ...slow,
      spawn: () => {
        const child = slow.spawn();
        pid = child.pid ?? 0;
        return child;
      },
    };
    const start = startChild(watched, { signal, readyWithinMs: 50 });
    await expect(start).rejects.toThrow('fake was not ready within 0.05 s');
    expect(isRunning(pid)).toBe(false);
  });

  it('kills a child that does not stop when asked, with what it started', async () => {
    const stubborn = program(`
      const { spawn } = require('node:child_process');
      process.on('SIGTERM', () => undefined);
      spawn('sleep', ['60'], { stdio: 'inherit' }); // holds our output open as long as it lives
      ${READY}
      setInterval(() => undefined, 1000);`);
    await using child = await startChild(stubborn, { signal, stopWithinMs: 50 });
    await child[Symbol.asyncDispose]();
    expect(await child.ended).toBe('ended with SIGKILL');
  });
});

describe('supervise', () => {
  it('starts a process again that was killed, and stops it for good when disposed', async () => {
    await using supervised = await supervise(program(READY + LIVE), options);
    const first = supervised.pid;
    process.kill(first, 'SIGKILL');
    await until(() => supervised.pid !== first);
    const second = supervised.ready.pid;
    expect(isRunning(second)).toBe(true);
    await supervised[Symbol.asyncDispose]();
    expect([isRunning(first), isRunning(second)]).toEqual([false, false]);
  });

  it('stops while it is starting a process again', async () => {
    await using supervised = await supervise(program(READY + LIVE), options);
    process.kill(supervised.pid, 'SIGKILL');
    await supervised[Symbol.asyncDispose]();
    expect(isRunning(supervised.pid)).toBe(false);
  });

  it('fails when the first start does', async () => {
    await expect(supervise(program('process.exit(1)'), options)).rejects.toThrow('ended with code');
  });
});
