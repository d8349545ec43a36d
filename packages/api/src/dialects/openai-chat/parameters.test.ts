import { type ModelInfo, type StudioError } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import {
  chatBody,
  fakeModel,
  fakeModels,
  hello,
  postChat,
  startServer,
} from '../../testing/test-server.ts';
import { parseChat } from './parse-chat.ts';
import { hidesThinking } from './read-thinking.ts';
import { type Planned, toPlan } from './to-plan.ts';

const noDefaults = { temperature: undefined, topP: undefined, maxOutputTokens: undefined };
const plannedOf = (fields: object, model: ModelInfo = fakeModel()): Planned =>
  toPlan(parseChat(chatBody(fields)), model, noDefaults);
const off = { type: 'off' };
const auto = { type: 'auto' };
const budget = (tokens: number): object => ({ type: 'budget', tokens });

describe('thinking', () => {
  it.each<[object, object | undefined]>([
    [{ extra_body: { google: { thinking_config: { thinking_budget: 500 } } } }, budget(500)],
    [{ google: { thinking_config: { thinking_budget: 0, include_thoughts: true } } }, off],
    [{ google: { thinkingConfig: { thinkingLevel: 'HIGH' } } }, budget(24_576)],
    [{ google: { thinking_config: { thinking_budget: -1 } } }, auto],
    [{ google: { thinking_config: { include_thoughts: true } } }, undefined],
    [{ reasoning: { effort: 'low' } }, budget(1024)],
    [{ reasoning: { max_tokens: 2000 } }, budget(2000)],
    [{ reasoning: { enabled: false } }, off],
    [{ reasoning: { enabled: true } }, auto],
    [{ reasoning: { summary: 'auto' } }, undefined],
    [{ thinking: { type: 'enabled', budget_tokens: 4096 } }, budget(4096)],
    [{ thinking: { type: 'disabled' } }, off],
    [{ thinking: false }, off],
    [{ reasoning: false }, off],
    [{ reasoning: 'low' }, budget(1024)],
    [{ thinking: { type: 'adaptive' } }, auto],
    [{ enable_thinking: false }, off],
    [{ enable_thinking: true, thinking_budget: 700 }, budget(700)],
    [{ enable_thinking: false, thinking_budget: 700 }, off],
    [{ chat_template_kwargs: { enable_thinking: false } }, off],
    [{ chat_template_kwargs: { thinking: false } }, off],
    [{ extra_body: { chat_template_kwargs: { enable_thinking: true } } }, auto],
    [{ extra_body: { enable_thinking: false } }, off],
    [{ reasoning: { effort: 'low' }, reasoning_effort: 'low' }, budget(1024)],
    [{ reasoning: null, thinking: null, google: null, enable_thinking: null }, undefined],
  ])('%j means what it says', (fields, thinking) => {
    const { plan, ignored } = plannedOf(fields);
    expect(plan.settings.thinking).toEqual(thinking);
    expect(ignored).toEqual(
      'thinking_budget' in fields && fields.thinking_budget && thinking === off
        ? ['thinking_budget']
        : [],
    );
  });

  it('says which parameter was not followed, where two disagree', () => {
    const { plan, ignored } = plannedOf({
      reasoning_effort: 'high',
      google: { thinking_config: { thinking_budget: 512 }, safety_settings: [{}] },
      chat_template_kwargs: { enable_thinking: true, date: 'today' },
    });
    expect(plan.settings.thinking).toEqual(budget(512));
    expect(ignored).toEqual([
      'reasoning_effort',
      'google.safety_settings',
      'chat_template_kwargs.date',
    ]);
  });

  it.each([
    { thinking: { type: 'enabled', budget_tokens: 1000 } },
    { reasoning: { effort: 'high' } },
    { chat_template_kwargs: { enable_thinking: true } },
  ])('says so where the model does not think: %j', (fields) => {
    expect(plannedOf(fields, fakeModels[2]).ignored).toEqual(Object.keys(fields));
  });

  it.each([
    [{ reasoning: { exclude: true } }, true],
    [{ include_reasoning: false }, true],
    [{ google: { thinking_config: { include_thoughts: false } } }, true],
    [{ google: { thinking_config: { include_thoughts: true } } }, false],
    [{ reasoning: { effort: 'high' } }, false],
  ])('%j hides it: %s', async (fields, isHidden) => {
    expect(hidesThinking(parseChat(chatBody(fields)))).toBe(isHidden);
    const events = [{ type: 'reasoning' as const, text: 'Hm' }, ...hello.slice(1)];
    await using server = await startServer(events);
    for (const stream of [true, false]) {
      const response = await postChat(server.url, chatBody({ ...fields, stream }));
      expect((await response.text()).includes('reasoning_content')).toBe(!isHidden);
    }
  });
});

const LOWERED = "lowered to the model's limit 65536";

describe('limits', () => {
  it.each<[object, number | undefined, string[]]>([
    [{ max_tokens: -1 }, undefined, []],
    [{ max_tokens: 0 }, undefined, ['max_tokens 0 taken for no limit']],
    [{ max_tokens: null }, undefined, []],
    [{ max_completion_tokens: -1, max_tokens: 5 }, 5, []],
    [{ max_tokens: 2 ** 31 }, 65_536, [`max_tokens 2147483648 ${LOWERED}`]],
    [{ max_tokens: 2 ** 63 }, 65_536, [`max_tokens 9223372036854776000 ${LOWERED}`]],
    [{ max_tokens: '9223372036854775807' }, 65_536, [`max_tokens 9223372036854776000 ${LOWERED}`]],
  ])('of length: %j', (fields, tokens, expected) => {
    const { plan, warnings } = plannedOf(fields);
    expect(plan.settings.maxOutputTokens).toBe(tokens);
    expect(warnings).toEqual(expected);
  });

  it('of stop sequences: those that the page does not take are kept for the answer', () => {
    const stop = ['1', '2', '3', '4', '5', '6', '7\n'];
    expect(plannedOf({ stop }).plan.settings.stop).toEqual(stop);
  });

  it('name a field of extra_body as it was written', () => {
    const refused = (fields: object): string | null => {
      try {
        plannedOf(fields);
      } catch (error) {
        return (error as StudioError).param;
      }
      throw new Error('it was accepted');
    };
    expect(refused({ extra_body: { enable_thinking: 'maybe' } })).toBe(
      'extra_body.enable_thinking',
    );
    expect(refused({ extra_body: { top_p: 2 } })).toBe('extra_body.top_p');
    expect(refused({ top_p: 2, extra_body: { top_p: 0.5 } })).toBe('top_p');
  });
});

describe('a strict server', () => {
  it.each<[object, string]>([
    [{ thinking: { type: 'enabled', budget_tokens: 99_999 } }, 'thinking'],
    [
      { extra_body: { google: { thinking_config: { thinking_budget: 99_999 } } } },
      'google.thinking_config',
    ],
    [{ google: { safety_settings: [] } }, 'google.safety_settings'],
    [{ chat_template_kwargs: { persona: 'x' } }, 'chat_template_kwargs.persona'],
    [{ repetition_penalty: 1.2 }, 'repetition_penalty'],
    [{ guided_regex: 'a+' }, 'guided_regex'],
    [{ web_search_options: {} }, 'web_search_options'],
    [{ mirostat: 2 }, 'mirostat'],
  ])('refuses %j, which shapes the answer and has no effect', async (fields, param) => {
    await using server = await startServer(hello, { isStrict: true });
    const response = await postChat(server.url, chatBody(fields));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: 'unsupported_parameter', param },
    });
  });

  it.each([
    { thinking: { type: 'enabled', budget_tokens: 2000 } },
    { enable_thinking: false },
    { user: 'me', metadata: { a: 'b' }, store: true, prompt_cache_key: 'k', service_tier: 'flex' },
    { repetition_penalty: 1, top_k: 0, min_p: 0, presence_penalty: 0 },
  ])('takes %j', async (fields) => {
    await using server = await startServer(hello, { isStrict: true });
    expect((await postChat(server.url, chatBody(fields))).status).toBe(200);
  });
});
