import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { deadline, toStacks } from './lifecycle.ts';

const late = (): Error => new Error('too late');

/** The module under test, as code that imports it. */
const ownFile = JSON.stringify(join(import.meta.dirname, 'lifecycle.ts'));

describe('deadline', () => {
  it('aborts with its own error when the time is over', async () => {
    using limit = deadline(5, late);
    await new Promise((resolve) => limit.signal.addEventListener('abort', resolve));
    expect(limit.signal.reason).toEqual(late());
  });

  it('aborts with the reason of the signal it was given, also one that aborted before', () => {
    const controller = new AbortController();
    using before = deadline(60_000, late, controller.signal);
    controller.abort('gone');
    using after = deadline(60_000, late, controller.signal);
    expect([before.signal.reason, after.signal.reason]).toEqual(['gone', 'gone']);
  });

  it('fires also where nothing but a combined signal refers to it, and memory is cleared', async () => {
    // In a process of its own: only there can we ask for the clearing of memory.
    const script = `
      import(${ownFile}).then(({ deadline }) => {
        const combine = () => AbortSignal.any([
          new AbortController().signal,
          deadline(50, () => new Error('too late')).signal,
        ]);
        const combined = combine();
        setTimeout(gc, 10);
        setTimeout(() => process.stdout.write(String(combined.aborted)), 150);
      });
    `;
    const node = ['--expose-gc', '--import', 'tsx', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, node);
    expect(stdout).toBe('true');
  });

  it('stops its clock when disposed', async () => {
    const limit = deadline(5, late);
    limit[Symbol.dispose]();
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    expect(limit.signal.aborted).toBe(false);
  });
});

it('leaves nothing at the signal it was given, of however many deadlines', () => {
  const { signal } = new AbortController();
  for (let turn = 0; turn < 20; turn++) {
    using limit = deadline(60_000, late, signal);
    expect(limit.signal.aborted).toBe(false);
  }
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

describe('toStacks', () => {
  it('tells the stacks of an error and its causes, and no other property of them', () => {
    const reply = Object.assign(new Error('OOM'), { command: { args: ['the words of a prompt'] } });
    const text = toStacks(new Error('not stored', { cause: new AggregateError([reply], 'all') }));
    expect(text).toMatch(/not stored[^]*caused by: AggregateError: all[^]*caused by: Error: OOM/);
    expect(text).not.toContain('prompt');
  });
});

/** A process that waits to be stopped, with a channel to us; `keeps`: something keeps it alive. */
async function startWaiting(keeps: boolean): Promise<ChildProcess> {
  const script = `
    import(${ownFile}).then(async ({ untilStopped }) => {
      const stopped = untilStopped();
      const keep = setInterval(() => undefined, 1000);
      process.send('waits');
      await stopped;
      if (!${keeps}) clearInterval(keep);
      process.send('stops');
    });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  const stops = once(child, 'message');
  child.kill('SIGTERM');
  await stops;
  return child;
}

describe('untilStopped', () => {
  it('lets a process end by itself that was told to stop, though its parent still listens', async () => {
    const child = await startWaiting(false);
    const [code] = await once(child, 'exit');
    expect([code, child.connected]).toEqual([0, false]);
  });

  it('ends a process that is stuck in its stopping once its parent is gone', async () => {
    const child = await startWaiting(true);
    child.disconnect(); // as when the parent dies
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
  });
});
