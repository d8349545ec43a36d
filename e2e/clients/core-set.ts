import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type ClientName, type ClientProgram, startClient } from './client-program.ts';
import { type Setting } from './scenario.ts';

/** One answer, in the words of the simulator's directives. */
export interface Step {
  readonly text?: string;
  readonly thoughts?: string;
  readonly chunks?: number;
  readonly toolCalls?: readonly { readonly name: string; readonly args: object }[];
  readonly usage?: {
    readonly prompt: number;
    readonly completion: number;
    readonly reasoning: number;
  };
}

/** The system that the clients ask. */
export interface System {
  readonly setting: Setting;
  /** What it answers from now on, request by request. */
  prepare(steps: readonly Step[]): Promise<void>;
}

/** What every program asks. */
export const QUESTION = 'What will the sky over Lyon be like?';
/** The structured answer to it. */
export const FORECAST = {
  city: 'Lyon',
  celsius: 21.5,
  hours: [
    { hour: 9, sky: 'clear' },
    { hour: 15, sky: 'rain' },
  ],
} as const;
const TODAY = { city: 'Lyon', day: 'today' } as const;
const TOMORROW = { city: 'Lyon', day: 'tomorrow' } as const;
/** A tool is called twice, one after the other, and then there is an answer. */
export const TWO_ROUNDS: readonly Step[] = [
  { toolCalls: [{ name: 'get_weather', args: TODAY }] },
  { toolCalls: [{ name: 'get_weather', args: TOMORROW }] },
  { text: 'Mild, and mild again.' },
];
/** What the tool was called with on the way. */
export const TWO_CALLS = [TODAY, TOMORROW];

/** Clients whose streams show thinking. */
const SHOW_THINKING: ReadonlySet<ClientName> = new Set(['openai 6', 'openai 7', 'ai 7']);

/** Runs one of the client's scenarios against the system; `changes` to what it is told. */
export type Run = (scenario: string, changes?: Partial<Setting>) => Promise<unknown>;

/** What must work with this client, whichever tier answers, and `more` tests of its own. */
export function describeClient(
  name: ClientName,
  system: () => System,
  more: (run: Run) => void = () => undefined,
): void {
  describe(`the client ${name}`, () => {
    let client: ClientProgram | undefined;
    const run: Run = (scenario, changes) =>
      client?.run(scenario, { ...system().setting, ...changes }) ??
      Promise.reject(new Error('no client'));

    beforeAll(async () => {
      client = await startClient(name);
    });

    afterAll(async () => {
      await client?.[Symbol.asyncDispose]();
    });

    it('gets an answer in one piece, with its token counts', async () => {
      await system().prepare([
        { text: 'Blue.', usage: { prompt: 9, completion: 3, reasoning: 2 } },
      ]);
      expect(await run('text')).toMatchObject({ text: 'Blue.', usage: { input: 9, output: 5 } });
    });

    it('streams an answer: thinking, text byte for byte, token counts', async () => {
      const text = 'Bleu — 蓝 👩‍🚀\n\n```ts\nconst sky = "<b>";\n```\n\n  - $x^2$\n';
      await system().prepare([
        {
          thoughts: 'Look up.',
          text,
          chunks: 4,
          usage: { prompt: 7, completion: 30, reasoning: 4 },
        },
      ]);
      expect(await run('stream')).toMatchObject({
        text,
        usage: { input: 7, output: 34 },
        ...(SHOW_THINKING.has(name) ? { reasoning: 'Look up.' } : {}),
      });
    });

    it('calls a tool in several rounds until there is an answer', async () => {
      await system().prepare(TWO_ROUNDS);
      expect(await run('tools')).toEqual({ text: TWO_ROUNDS.at(-1)?.text, calls: TWO_CALLS });
    });

    it('gets an object of the schema it asked for', async () => {
      await system().prepare([{ text: JSON.stringify(FORECAST) }]);
      expect(await run('structured')).toEqual({ object: FORECAST });
    });

    more(run);
  });
}
