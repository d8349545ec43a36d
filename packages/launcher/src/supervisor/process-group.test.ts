import { describe, expect, it } from '@jest/globals';

import { ProcessGroup } from './process-group.ts';

const never = new AbortController().signal;

describe('Crew', () => {
  it('stops its members in reverse order of their start', async () => {
    const stopped: string[] = [];
    const member = (name: string) => (): Promise<AsyncDisposable> =>
      Promise.resolve({
        [Symbol.asyncDispose]: () => Promise.resolve().then(() => void stopped.push(name)),
      });
    const group = new ProcessGroup(never);
    await group.start(member('redis'));
    await Promise.all([group.start(member('proxy')), group.start(member('api'))]);
    await group[Symbol.asyncDispose]();
    expect(stopped).toEqual(['api', 'proxy', 'redis']);
  });

  it('stops its members together where it is told to: none waits for another', async () => {
    const told: string[] = [];
    let letGo = (): void => undefined;
    const hold = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const group = new ProcessGroup(never, 'together');
    for (const name of ['proxy', 'driver', 'api']) {
      await group.start(() =>
        Promise.resolve({
          async [Symbol.asyncDispose]() {
            told.push(name);
            await hold;
          },
        }),
      );
    }
    const stop = group[Symbol.asyncDispose]();
    await new Promise(setImmediate);
    expect(told).toEqual(['proxy', 'driver', 'api']);
    letGo();
    await stop;
  });

  it('tells a member that is still starting to give up, and waits for that', async () => {
    const group = new ProcessGroup(never);
    const starting = group.start(
      (signal) =>
        new Promise<AsyncDisposable>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    await Promise.all([expect(starting).rejects.toThrow('stopped'), group[Symbol.asyncDispose]()]);
  });
});
