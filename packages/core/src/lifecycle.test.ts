import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { StudioError } from './errors.ts';
import {
  deadline,
  failPlainly,
  graceAfter,
  reportReady,
  toStacks,
  untilStopped,
} from './lifecycle.ts';

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

/** The process that runs the tests, with a parent that listens, and which does not exit. */
describe('a process', () => {
  const own = (['send', 'connected', 'channel'] as const).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const,
  );
  const events = ['SIGINT', 'SIGTERM', 'disconnect', 'uncaughtException'] as const;
  let before: readonly (readonly unknown[])[];
  let sent: unknown[];
  let exits: unknown[];
  let written: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    before = events.map((event) => process.listeners(event as 'exit'));
    sent = [];
    exits = [];
    written = [];
    setParent(listen, true);
    jest.spyOn(process, 'exit').mockImplementation((code) => void exits.push(code) as never);
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
  });
  afterEach(() => {
    for (const [index, event] of events.entries()) {
      for (const listener of process.listeners(event as 'exit')) {
        if (!before[index]?.includes(listener)) process.off(event, listener);
      }
    }
    for (const [name, descriptor] of own) {
      if (descriptor) Object.defineProperty(process, name, descriptor);
      else Reflect.deleteProperty(process, name);
    }
    jest.restoreAllMocks();
    jest.useRealTimers();
  });
  const listen = (message: unknown, then?: () => void): void => {
    sent.push(message);
    then?.();
  };
  const setParent = (talk: unknown, isConnected: boolean): void => {
    const given = { send: talk, connected: isConnected, channel: { unref: () => undefined } };
    for (const [name, value] of Object.entries(given)) {
      Object.defineProperty(process, name, { value, configurable: true, writable: true });
    }
  };
  const added = (event: (typeof events)[number]): number =>
    process.listeners(event as 'exit').length - (before[events.indexOf(event)]?.length ?? 0);

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops when it is told to by %s, once',
    async (signal) => {
      const stopped = untilStopped();
      process.emit(signal);
      expect(await stopped).toBe('told');
      expect([added('SIGINT'), added('SIGTERM')]).toEqual([0, 0]);
      await jest.advanceTimersByTimeAsync(60_000);
      expect(exits).toEqual([]);
    },
  );

  it('ends soon once its parent goes away while it stops', async () => {
    const stopped = untilStopped();
    process.emit('SIGTERM');
    await stopped;
    process.emit('disconnect');
    await jest.advanceTimersByTimeAsync(4999);
    expect(exits).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(exits).toEqual([1]);
  });

  it('is an orphan when its parent goes away, and then ends soon', async () => {
    const stopped = untilStopped();
    process.emit('disconnect');
    expect(await stopped).toBe('orphaned');
    expect([added('SIGINT'), added('SIGTERM'), added('disconnect')]).toEqual([0, 0, 0]);
    await jest.advanceTimersByTimeAsync(5000);
    expect(exits).toEqual([1]);
  });

  it('is an orphan from the start where its parent had gone before', async () => {
    setParent(listen, false);
    expect(await untilStopped()).toBe('orphaned');
  });

  it('that nobody has started by a channel waits to be told', async () => {
    setParent(undefined, false);
    let cause: string | undefined;
    void untilStopped().then((told) => (cause = told));
    await jest.advanceTimersByTimeAsync(0);
    expect(cause).toBeUndefined();
    process.emit('SIGTERM');
    await jest.advanceTimersByTimeAsync(0);
    expect(cause).toBe('told');
  });

  it('has its grace only as long as somebody waits for it', () => {
    expect(graceAfter('told', 30_000)).toBe(30_000);
    expect(graceAfter('orphaned', 30_000)).toBe(2500);
    expect(graceAfter('orphaned', 1000)).toBe(1000);
  });

  it('says to its parent, if it has one, that it is ready', () => {
    reportReady({ port: 1 });
    reportReady();
    expect(sent).toEqual([{ type: 'ready', port: 1 }, { type: 'ready' }]);
    setParent(undefined, false);
    expect(() => reportReady()).not.toThrow();
  });

  it('fails with the plain words of an error that is understood, also to its parent', () => {
    failPlainly();
    process.emit('uncaughtException', new StudioError('not_ready', 'Start Redis.'));
    expect(written).toEqual(['Start Redis.\n']);
    expect(sent).toEqual([{ type: 'failed', message: 'Start Redis.' }]);
    expect(exits).toEqual([1]);
  });

  it('fails by itself where no parent listens', () => {
    setParent(undefined, false);
    failPlainly();
    process.emit('uncaughtException', new StudioError('not_ready', 'Start Redis.'));
    expect([sent, exits]).toEqual([[], [1]]);
  });

  it('fails with the stack of any other error, which its parent is not told', () => {
    failPlainly();
    process.emit('uncaughtException', new Error('a bug'));
    expect(written[0]).toMatch(/a bug\n\s+at /);
    expect([sent, exits]).toEqual([[], [1]]);
  });

  it('survives what it is told to survive', () => {
    failPlainly((error) => error instanceof RangeError);
    process.emit('uncaughtException', new RangeError('no harm'));
    expect([written, exits]).toEqual([[], []]);
    process.emit('uncaughtException', new TypeError('harm'));
    expect(exits).toEqual([1]);
  });
});

describe('what is no error', () => {
  it('is told as it is, and an error without a cause by its stack alone', () => {
    expect(toStacks({ port: 1 })).toBe('{ port: 1 }');
    const error = new Error('alone');
    expect(toStacks(error)).toBe(error.stack);
    expect(toStacks(Object.assign(new Error('bare'), { stack: undefined }))).toBe('bare');
  });

  it('is what a deadline gives by itself: the error of a time-out', async () => {
    using limit = deadline(1);
    await new Promise((resolve) => limit.signal.addEventListener('abort', resolve));
    expect(limit.signal.reason).toMatchObject({ name: 'TimeoutError' });
  });
});
