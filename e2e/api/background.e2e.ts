import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { ask, type Asking, type Outcome } from '../support/asking.ts';
import { keepForAll } from '../support/keep.ts';
import { until } from '../support/mortal-stack.ts';
import { Simulator } from '../support/simulator.ts';
import { type Stack, startStack } from '../support/stack.ts';

jest.setTimeout(60_000);

const TITLE = '### Task:\nGenerate a short title for the chat history:\necho: the title';

let stack: Stack;
let simulator: Simulator;

const keep = keepForAll();
beforeAll(async () => {
  const env = { WORKER_CONCURRENCY: '1', BACKGROUND_DELAY_MS: '2000' };
  stack = keep(await startStack({ env }));
  simulator = new Simulator(stack.controlUrl);
});
beforeEach(() => simulator.clear());

const put = (content: string, asking?: Asking): Promise<Outcome> =>
  ask(stack.baseUrl, content, asking);

/** What the page was asked so far, oldest first, each by its last line. */
async function asked(): Promise<string[]> {
  return (await simulator.decoded()).map(({ text }) => text.split('\n').at(-1) ?? '');
}

/** Counts the lines of the log that say this. */
const logged = (words: string): number => stack.logs().split(words).length - 1;

describe('a prompt that a chat program sends by itself', () => {
  it('lets the next prompt go first that comes a moment after an answer', async () => {
    let title: Promise<Outcome> | undefined;
    const onPiece = (): void => void (title ??= put(TITLE)); // it enters the queue at once, behind this one
    await put('echo: one', { onPiece });
    const second = await put('echo: two');
    expect([second.text, (await title)?.text]).toEqual(['two', 'the title']);
    expect(await asked()).toEqual(['echo: one', 'echo: two', 'echo: the title']);
  });

  it('goes back to the queue while it is entered, as soon as a real prompt needs its page', async () => {
    await simulator.setFaults({ 'run-disabled': true });
    const [taken, givenBack] = [logged('page taken'), logged('given back before Run')];
    const title = put(TITLE);
    await until(async () => logged('page taken') > taken);
    const real = put('echo: the question');
    await until(async () => logged('given back before Run') > givenBack);
    await simulator.setFaults({ 'run-disabled': false });
    expect([(await real).text, (await title).text]).toEqual(['the question', 'the title']);
    expect(await asked()).toEqual(['echo: the question', 'echo: the title']);
  });

  it('is answered on its own where nothing else comes', async () => {
    expect((await put(TITLE)).text).toBe('the title');
  });
});
