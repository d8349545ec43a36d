import type * as sdk from 'openai';
import type * as zodHelpers from 'openai/helpers/zod';

import {
  City,
  describeError,
  Forecast,
  type Scenarios,
  type Setting,
  weatherIn,
} from './scenario.ts';

/** What the programs use of the package, whichever line of it. */
export type OpenAiSdk = Pick<typeof sdk, 'OpenAI' | 'APIError'> &
  Pick<typeof zodHelpers, 'zodFunction' | 'zodResponseFormat'>;

/** Programs that use `openai`. */
export function createOpenAiScenarios({
  OpenAI,
  zodFunction,
  zodResponseFormat,
}: OpenAiSdk): Scenarios {
  const connect = ({ baseUrl, apiKey }: Setting, options: sdk.ClientOptions = {}): sdk.OpenAI =>
    new OpenAI({ baseURL: baseUrl, apiKey, maxRetries: 0, ...options });
  const weatherTool = (calls: City[]): ReturnType<typeof zodFunction<typeof City>> =>
    zodFunction({
      name: 'get_weather',
      parameters: City,
      description: 'The weather of a day.',
      function: (place) => {
        calls.push(place);
        return weatherIn(place);
      },
    });

  return {
    async text(setting) {
      const completion = await connect(setting).chat.completions.create(ask(setting));
      return {
        text: completion.choices[0]?.message.content,
        usage: toUsage(completion.usage),
        // oxlint-disable-next-line no-underscore-dangle -- the package's own name
        isRequestIdTheId: completion._request_id === completion.id,
      };
    },

    async stream(setting) {
      const stream = await connect(setting).chat.completions.create({
        ...ask(setting),
        stream: true,
        stream_options: { include_usage: true },
      });
      const seen = { text: '', reasoning: '', pieces: 0, usage: {} };
      for await (const { choices, usage } of stream) {
        const delta: Delta = choices[0]?.delta ?? {};
        if (delta.content) seen.pieces += 1;
        seen.text += delta.content ?? '';
        seen.reasoning += delta.reasoning_content ?? '';
        if (usage) seen.usage = toUsage(usage);
      }
      return seen;
    },

    async tools(setting) {
      const calls: City[] = [];
      const runner = connect(setting).chat.completions.runTools({
        ...ask(setting),
        tools: [weatherTool(calls)],
      });
      return { text: await runner.finalContent(), calls };
    },

    async structured(setting) {
      const completion = await connect(setting).chat.completions.parse({
        ...ask(setting),
        response_format: zodResponseFormat(Forecast, 'forecast'),
      });
      return { object: completion.choices[0]?.message.parsed };
    },

    async streamHelper(setting) {
      const runner = connect(setting).chat.completions.stream({
        ...ask(setting),
        stream_options: { include_usage: true },
      });
      const events: string[] = [];
      const note = (name: string): void => void (events.at(-1) === name || events.push(name));
      const deltas: string[] = [];
      runner.on('connect', () => note('connect'));
      runner.on('chunk', () => note('chunk'));
      runner.on('content.delta', ({ delta }) => deltas.push(delta));
      runner.on('content.done', ({ content }) => note(`content.done ${content}`));
      runner.on('finalChatCompletion', () => note('finalChatCompletion'));
      runner.on('end', () => note('end'));
      const final = await runner.finalChatCompletion();
      return {
        events,
        deltas: deltas.join(''),
        text: final.choices[0]?.message.content,
        role: final.choices[0]?.message.role,
        finish: final.choices[0]?.finish_reason,
        usage: toUsage(await runner.totalUsage()),
      };
    },

    async streamedTools(setting) {
      const calls: City[] = [];
      const runner = connect(setting).chat.completions.runTools({
        ...ask(setting),
        stream: true,
        tools: [weatherTool(calls)],
      });
      const results: string[] = [];
      runner.on('functionToolCallResult', (result) => results.push(result));
      let streamed = '';
      runner.on('content', (piece) => (streamed += piece));
      const text = await runner.finalContent();
      const completions = runner.allChatCompletions();
      const ids = runner.messages.flatMap((message) =>
        message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : [],
      );
      return {
        text,
        streamed,
        calls,
        results,
        finishes: completions.map(({ choices }) => choices[0]?.finish_reason),
        distinctIds: new Set(ids).size,
      };
    },

    async abort(setting) {
      const stream = await connect(setting).chat.completions.create({
        ...ask(setting),
        stream: true,
      });
      let text = '';
      for await (const { choices } of stream) {
        text += choices[0]?.delta.content ?? '';
        if (text !== '') stream.controller.abort();
      }
      return { text, at: Date.now() };
    },

    async breakOut(setting) {
      const stream = await connect(setting).chat.completions.create({
        ...ask(setting),
        stream: true,
      });
      for await (const { choices } of stream) if (choices[0]?.delta.content) break;
      return { at: Date.now() };
    },

    async retried(setting) {
      const start = performance.now();
      const completion = await connect(setting, { maxRetries: 2 }).chat.completions.create(
        ask(setting),
      );
      return { text: completion.choices[0]?.message.content, ms: performance.now() - start };
    },

    async refused(setting) {
      const start = performance.now();
      const error = await connect(setting, { maxRetries: 2 })
        .chat.completions.create(ask(setting))
        .catch((thrown: unknown) => thrown);
      return { ...describeError(error), ms: performance.now() - start };
    },

    async timeout(setting) {
      const impatient = connect(setting, { timeout: 2500 });
      const asked = impatient.chat.completions.create(ask(setting));
      return describeError(await asked.catch((error: unknown) => error));
    },

    async brokenStream(setting) {
      let text = '';
      try {
        const stream = await connect(setting).chat.completions.create({
          ...ask(setting),
          stream: true,
        });
        for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
      } catch (error) {
        return { text, ...describeError(error) };
      }
      return { text };
    },

    async cutShort(setting) {
      const error = await connect(setting)
        .chat.completions.parse({
          ...ask(setting),
          response_format: zodResponseFormat(Forecast, 'forecast'),
        })
        .catch((thrown: unknown) => thrown);
      return describeError(error);
    },

    async badRequests(setting) {
      const client = connect(setting);
      const create = (body: object): Promise<unknown> =>
        client.chat.completions
          .create({ ...ask(setting), ...body })
          .then(() => 'answered', describeError);
      return {
        temperature: await create({ temperature: 3 }),
        part: await create({ messages: [{ role: 'user', content: [{ type: 'hologram' }] }] }),
        several: await create({ n: 2 }),
        model: await create({ model: 'gpt-4' }),
        embeddings: await client.embeddings
          .create({ model: 'any', input: 'x' })
          .then(() => 'answered', describeError),
      };
    },

    async models(setting) {
      const client = connect(setting);
      const ids: string[] = [];
      for await (const { id } of client.models.list()) ids.push(id);
      const one = await client.models.retrieve(setting.model);
      const missing = await client.models.retrieve('gpt-4').catch(describeError);
      return { ids, one, missing };
    },
  };
}

interface Ask {
  readonly model: string;
  readonly messages: sdk.OpenAI.ChatCompletionMessageParam[];
}
interface Delta {
  readonly content?: string | null;
  readonly reasoning_content?: string;
}

const ask = ({ model, prompt }: Setting): Ask => ({
  model,
  messages: [{ role: 'user', content: prompt }],
});

const toUsage = (usage: sdk.OpenAI.CompletionUsage | undefined): object => ({
  input: usage?.prompt_tokens,
  output: usage?.completion_tokens,
});
