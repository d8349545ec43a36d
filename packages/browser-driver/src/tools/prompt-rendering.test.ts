import {
  type Calling,
  type ModelInfo,
  PLAIN_SETTINGS,
  type Plan,
  type Settings,
} from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { codeOf } from '../job/prompt.ts';
import { preparePromptRendering, PromptRendering } from './prompt-rendering.ts';

const look = { name: 'look', description: 'sees', parameters: { type: 'object' } };
const calling: Calling = { mode: 'auto', isRequired: false, isParallel: true };
const planOf = (settings: Partial<Settings>): Plan => ({
  model: 'm',
  turns: [
    { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
    { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
  ],
  settings: { ...PLAIN_SETTINGS, ...settings },
});
const modelWith = (...capabilities: number[]): ModelInfo => ({
  id: 'm',
  displayName: 'M',
  aliases: [],
  methods: [],
  capabilities,
  thinking: { type: 'none' },
  paidOnly: false,
});
const functions = [look];

describe('PromptRendering', () => {
  it('declares functions on the page where the model takes them', () => {
    const { plan, prompt } = new PromptRendering(planOf({ functions, calling }), modelWith(10));
    expect(plan.settings.functions).toEqual(functions);
    expect(prompt.system).toBe('Be brief.');
  });

  it.each<[string, Partial<Calling>, number[]]>([
    ['where that is wanted', { mode: 'emulated' }, [10]],
    ['where the model has no functions', {}, [9]],
  ])('declares them in words %s', (_, more, capabilities) => {
    const asked = planOf({ functions, calling: { ...calling, ...more } });
    const { plan, prompt } = new PromptRendering(asked, modelWith(...capabilities));
    expect(plan.settings.functions).toEqual([]);
    expect(prompt.text).toBe('Hi');
    expect(prompt.system).toMatch(/^Be brief\.\n\n# Functions/);
    expect(prompt.system).toContain(JSON.stringify(look));
    expect(prompt.system).toContain(`<call-${codeOf(asked)} tool="NAME">`);
  });

  it('goes over to words when the page refuses, once, unless that is forbidden', () => {
    const rendering = new PromptRendering(planOf({ functions, calling }), undefined);
    expect(rendering.prompt.system).not.toContain('# Functions');
    expect(rendering.sayInWords('functions')).toBe(true);
    expect(rendering.prompt.system).toContain('# Functions');
    expect(rendering.plan.settings.functions).toEqual([]);
    expect(rendering.sayInWords('functions')).toBe(false);
    const native = planOf({ functions, calling: { ...calling, mode: 'native' } });
    expect(new PromptRendering(native, modelWith(9)).sayInWords('functions')).toBe(false);
  });

  it.each([{ mode: 'native' as const }, { mode: 'emulated' as const }])(
    'demands what declarations cannot: %j',
    ({ mode }) => {
      const demand = { mode, isRequired: true, isParallel: false };
      const { prompt } = new PromptRendering(planOf({ functions, calling: demand }), modelWith(10));
      expect(prompt.system).toContain('must call the function look');
      expect(prompt.system).toContain('at most one function');
    },
  );

  it('puts system instructions into the prompt where there is no other place', () => {
    const rendering = new PromptRendering(planOf({}), undefined);
    expect(rendering.sayInWords('system')).toBe(true);
    const { system, text } = rendering.prompt;
    expect(system).toBe('');
    expect(text).toMatch(/<message-\w+ from="system">\nBe brief\.\n<[^]*\n\nHi$/);
  });

  it('warns of functions in words where nobody asked for that', () => {
    expect(new PromptRendering(planOf({ functions, calling }), modelWith(9)).warnings).toHaveLength(
      1,
    );
    expect(new PromptRendering(planOf({ functions, calling }), modelWith(10)).warnings).toEqual([]);
    const emulated = { ...calling, mode: 'emulated' as const };
    expect(
      new PromptRendering(planOf({ functions, calling: emulated }), modelWith(9)).warnings,
    ).toEqual([]);
    expect(new PromptRendering(planOf({}), modelWith(9)).warnings).toEqual([]);
  });

  it('declares those alone in words that the page cannot declare, and says so', () => {
    const odd = { name: 'odd', parameters: { properties: { a: { type: 'object' } } } };
    const any = { name: 'any', parameters: { properties: { a: {} } } };
    const asked = planOf({ functions: [look, odd, any], calling });
    const rendering = new PromptRendering(asked, modelWith(10));
    expect(rendering.plan.settings.functions).toEqual([look, any]);
    expect(rendering.prompt.system).toContain('Besides the functions that are declared to you');
    expect(rendering.prompt.system).toContain(JSON.stringify(odd));
    expect(rendering.prompt.system).not.toContain(JSON.stringify(look));
    expect(rendering.warnings).toEqual([
      'tools: odd declared in words, since a is an object of any keys',
      'tools: any: a takes any value, declared as text, number, boolean or list',
    ]);
    expect(rendering.sayInWords('functions')).toBe(true);
    expect(rendering.plan.settings.functions).toEqual([]);
    expect(rendering.prompt.system).toContain(JSON.stringify(look));
    expect(rendering.warnings).toEqual([
      'tools: declared in words, since AI Studio does not take them here',
    ]);
  });

  it('says what a declaration lacks that must not be in words', () => {
    const odd = { name: 'odd', parameters: { properties: { a: { type: 'object' } } } };
    const native = { ...calling, mode: 'native' as const };
    const rendering = new PromptRendering(
      planOf({ functions: [odd], calling: native }),
      modelWith(10),
    );
    expect(rendering.plan.settings.functions).toEqual([odd]);
    expect(rendering.warnings).toEqual(['tools: odd: a is an object of any keys']);
  });

  it('demands a call of any of the functions, however each is declared', () => {
    const odd = { name: 'odd', parameters: { properties: { a: { type: 'object' } } } };
    const demand = { ...calling, isRequired: true };
    const asked = planOf({ functions: [look, odd], calling: demand });
    const { prompt } = new PromptRendering(asked, modelWith(10));
    expect(prompt.system).toContain('must call one of your functions');
  });

  it('leaves the form of the answer to the page where that can enforce it', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const { plan, prompt } = new PromptRendering(
      planOf({ structuredOutput: { schema } }),
      modelWith(1),
    );
    expect(plan.settings.structuredOutput).toEqual({ schema });
    expect(prompt.system).toBe('Be brief.');
  });

  it.each<[string, Partial<Settings>]>([
    ['beside functions', { functions, structuredOutput: {} }],
    [
      'for keys that nobody knows',
      {
        structuredOutput: {
          schema: { type: 'object', additionalProperties: { type: 'number' } },
        },
      },
    ],
    [
      'for what contains itself',
      { structuredOutput: { schema: { type: 'object', properties: { next: { $ref: '#' } } } } },
    ],
  ])('describes the form in words %s', (_, settings) => {
    const { plan, prompt } = new PromptRendering(planOf(settings), modelWith(10));
    expect(plan.settings.structuredOutput).toBeUndefined();
    expect(prompt.system).toMatch(/# Form of the answer/);
  });

  it('lets others have their turn while it works on many large schemas', async () => {
    const one = { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] };
    const names = Array.from({ length: 1000 }, (_, index) => `p${index}`);
    const large = Array.from({ length: 8 }, (_, index) => ({
      name: `f${index}`,
      parameters: { properties: Object.fromEntries(names.map((name) => [name, one])) },
    }));
    let turns = 0;
    const others = setInterval(() => turns++, 1);
    const rendering = await preparePromptRendering(
      planOf({ functions: large, calling }),
      modelWith(10),
    );
    clearInterval(others);
    expect(turns).toBeGreaterThan(3);
    expect(rendering.plan.settings.functions).toHaveLength(8);
  });
});
