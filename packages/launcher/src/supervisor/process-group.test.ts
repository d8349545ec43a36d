import { describe, expect, it } from '@jest/globals';

import { Crew } from './process-group.ts';

const never = new AbortController().signal;

describe('Crew', () => {
  it('stops its members in reverse order of their start', async () => {
    const stopped: string[] = [];
    const member = (name: string) => (): Promise<AsyncDisposable> =>
      Promise.resolve({
        [Symbol.asyncDispose]: () => Promise.resolve().then(() => void stopped.push(name)),
      });
    const crew = new Crew(never);
    await crew.start(member('redis'));
    await Promise.all([crew.start(member('proxy')), crew.start(member('api'))]);
    await crew[Symbol.asyncDispose]();
    expect(stopped).toEqual(['api', 'proxy', 'redis']);
  });

  it('stops its members together where it is told to: none waits for another', async () => {
    const told: string[] = [];
    let letGo = (): void => undefined;
    const hold = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const crew = new Crew(never, 'together');
    for (const name of ['proxy', 'driver', 'api']) {
      await crew.start(() =>
        Promise.resolve({
          async [Symbol.asyncDispose]() {
            told.push(name);
            await hold;
          },
        }),
      );
    }
    const stop = crew[Symbol.asyncDispose]();
    await new Promise(setImmediate);
    expect(told).toEqual(['proxy', 'driver', 'api']);
    letGo();
    await stop;
  });

  it('tells a member that is still starting to give up, and waits for that', async () => {
    const crew = new Crew(never);
    const starting = crew.start(
      (signal) =>
        new Promise<AsyncDisposable>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    );
    await Promise.all([expect(starting).rejects.toThrow('stopped'), crew[Symbol.asyncDispose]()]);
  });
});
