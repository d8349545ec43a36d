import {
  type JobEvent,
  type JobWriter,
  type Log,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';
import { silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { createPhases } from '../tiers/phases.ts';
import { JobOutput } from './job-output.ts';

const text = (piece: string): JobEvent => ({ type: 'text', text: piece });
const finish: JobEvent = { type: 'finish', reason: 'stop' };

/** An output whose writer keeps what it is given, each time together, and answers as it is told. */
function start(
  answer: (events: readonly JobEvent[]) => Promise<boolean> = async () => true,
  log: Log = silentLog,
) {
  const appended: JobEvent[][] = [];
  const writer: JobWriter = {
    attempt: 1,
    failedBefore: undefined,
    giveBack: () => Promise.resolve(true),
    append(given) {
      const events = [given].flat();
      appended.push(events);
      return answer(events);
    },
    renew: () => Promise.resolve('ok'),
  };
  return { output: new JobOutput(writer, createPhases(0), log), appended };
}

describe('a job’s output', () => {
  it('sends together what is ready together, neighbouring pieces as one', async () => {
    const { output, appended } = start();
    const started: JobEvent = { type: 'started', tier: 'dom', model: 'm' };
    const thought: JobEvent = { type: 'reasoning', text: 'hm' };
    for (const event of [started, thought, thought, text('a'), text('b'), finish]) {
      await output.write(event);
    }
    expect(appended).toEqual([[started, { type: 'reasoning', text: 'hmhm' }, text('ab'), finish]]);
  });

  it('never waits for more: the first piece goes out at once, what comes meanwhile after it', async () => {
    let letGo = (): void => undefined;
    const hold = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const { output, appended } = start(async () => {
      await hold;
      return true;
    });
    await output.write(text('a'));
    while (appended.length === 0) await new Promise(setImmediate);
    await output.write(text('b'));
    await output.write(text('c'));
    expect(appended).toEqual([[text('a')]]);
    const end = output.write(finish);
    letGo();
    await end;
    expect(appended).toEqual([[text('a')], [text('bc'), finish]]);
  });

  it('is closed once somebody else has ended the job, and writes nothing after', async () => {
    const { output, appended } = start(async () => false);
    await output.write(text('a'));
    while (!output.isClosed) await new Promise(setImmediate);
    await output.write(text('b'));
    await output.write(finish);
    expect(appended).toHaveLength(1);
  });

  it('tells the client how a service failed in its words, and the log without them', async () => {
    const lines: unknown[] = [];
    const log = { warn: (...line: unknown[]) => void lines.push(line) } as unknown as Log;
    const { output, appended } = start(undefined, log);
    const logged = 'It failed.';
    const failure = new StudioError('upstream_error', 'It says: a secret.', { logged });
    await output.fail(toErrorRecord(failure), failure);
    expect(JSON.stringify(appended)).toContain('a secret');
    expect(JSON.stringify(lines)).toContain(logged);
    expect(JSON.stringify(lines)).not.toContain('a secret');
  });

  it('says that a write failed, and can still end the job', async () => {
    let isDown = true;
    const { output, appended } = start(async () => {
      if (isDown) throw new Error('OOM');
      return true;
    });
    await output.write(text('a'));
    while (appended.length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    await expect(output.write(text('b'))).rejects.toThrow('OOM');
    isDown = false;
    const error = toErrorRecord(new StudioError('upstream_error', 'It failed.'));
    await output.fail(error, new Error('OOM'));
    expect(appended.at(-1)).toEqual([{ type: 'error', error }]);
  });
});
