import {
  type FunctionCallingMode,
  type JobEvent,
  PLAIN_SETTINGS,
  type Plan,
  type Settings,
  StudioError,
  toErrorRecord,
} from '@aistudio/core';
import { collect, noFiles, silentLog } from '@aistudio/testing';
import { describe, expect, it } from '@jest/globals';

import { type Slot } from '../slots/slot.ts';
import { PromptRendering } from '../tools/prompt-rendering.ts';
import { answerInWords } from './answer-in-words.ts';
import { createPhases } from './phases.ts';
import { type Assignment, type Tier } from './tier.ts';

const functions = [{ name: 'look' }, { name: 'odd one' }, { name: 'see' }];
const settings = (mode: FunctionCallingMode = 'auto'): Settings => ({
  ...PLAIN_SETTINGS,
  functions,
  calling: { mode, isRequired: false, isParallel: true },
});

/** What an answer is, and how often was asked, where the service refuses what is not in words. */
async function answerOf(
  asked: Partial<Settings>,
  message: string,
  before: JobEvent[] = [],
  isThrown = false,
): Promise<{ events: JobEvent[]; systems: string[]; newChats: number }> {
  const plan: Plan = {
    model: 'm',
    turns: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    settings: { ...PLAIN_SETTINGS, ...asked },
  };
  const systems: string[] = [];
  let newChats = 0;
  const page = { newChat: () => Promise.resolve(newChats++) };
  const assignment: Assignment = {
    plan,
    readFile: noFiles,
    rendering: new PromptRendering(plan, undefined),
    model: undefined,
    slot: { page } as unknown as Slot, // all of it that is used here
    phases: createPhases(),
    requireTurn: () => Promise.resolve(),
    log: silentLog,
  };
  const tier: Tier = {
    name: 'stream-proxy',
    usesPage: true,
    async *answer({ rendering }) {
      systems.push(rendering.prompt.system);
      const { functions: native, structuredOutput } = rendering.plan.settings;
      if (native.length === 0 && !structuredOutput) {
        yield { type: 'finish', reason: 'stop' };
        return;
      }
      yield* before;
      const error = new StudioError('invalid_value', message);
      if (isThrown) throw error;
      yield { type: 'error', error: toErrorRecord(error) };
    },
  };
  const events = await collect(answerInWords(tier, assignment, new AbortController().signal));
  return { events, systems, newChats };
}

const REFUSAL =
  '* GenerateContentRequest.tools[0].function_declarations[1].parameters.properties[a].enum[0]: cannot be empty';

describe('answerInWords', () => {
  it.each([
    [REFUSAL],
    ['Invalid function name. Must start with a letter or an underscore.'],
    ['The specified schema produces a constraint that has too many states for serving.'],
  ])('declares functions in words once the service refuses them: %s', async (message) => {
    for (const isThrown of [false, true]) {
      const { events, systems, newChats } = await answerOf(settings(), message, [], isThrown);
      expect(events).toEqual([{ type: 'finish', reason: 'stop' }]);
      expect(systems).toHaveLength(2);
      expect(systems[1]).toContain('{"name":"look"}');
      expect(newChats).toBe(1);
    }
  });

  it('describes the form of the answer once the service refuses its schema', async () => {
    const structuredOutput = { schema: { type: 'string' } };
    const message = 'GenerateContentRequest.generation_config.response_schema.type: is wrong';
    const { events, systems } = await answerOf({ structuredOutput }, message);
    expect(events).toEqual([{ type: 'finish', reason: 'stop' }]);
    expect(systems[1]).toContain('# Form of the answer');
  });

  it('names the function where it must not be declared in words', async () => {
    const { events, newChats } = await answerOf(settings('native'), REFUSAL);
    expect(events).toMatchObject([{ type: 'error', error: { param: 'tools.odd one' } }]);
    expect(newChats).toBe(0);
    const quoted =
      'Unable to submit request because `see` functionDeclaration `parameters` is wrong';
    const other = await answerOf(settings('native'), quoted);
    expect(other.events).toMatchObject([{ error: { param: 'tools.see' } }]);
  });

  it('leaves other errors alone, and those behind content', async () => {
    const other = await answerOf(settings(), 'The image is not readable.');
    expect(other.events).toMatchObject([{ type: 'error', error: { param: null } }]);
    const late = await answerOf(settings(), REFUSAL, [{ type: 'text', text: 'a' }]);
    expect(late.events.map(({ type }) => type)).toEqual(['text', 'error']);
    expect(late.newChats).toBe(0);
  });
});
