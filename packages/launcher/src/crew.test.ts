import { describe, expect, it } from '@jest/globals';

import { Crew } from './crew.ts';

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
