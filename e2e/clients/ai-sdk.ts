import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  generateObject,
  generateText,
  isStepCount,
  type LanguageModel,
  type LanguageModelUsage,
  Output,
  streamText,
  tool,
} from 'ai';

import {
  City,
  describeError,
  Forecast,
  type Scenarios,
  type Setting,
  weatherIn,
} from './scenario.ts';

const connect = ({ baseUrl, apiKey, model }: Setting): LanguageModel =>
  createOpenAICompatible({
    name: 'aistudio',
    baseURL: baseUrl,
    apiKey,
    includeUsage: true,
    supportsStructuredOutputs: true,
  })(model);

const weatherTool = (calls: City[]) =>
  tool({
    description: 'The weather of a day.',
    inputSchema: City,
    execute: (place) => {
      calls.push(place);
      return weatherIn(place);
    },
  });

const toUsage = ({ inputTokens, outputTokens }: LanguageModelUsage): object => ({
  input: inputTokens,
  output: outputTokens,
});

/** Programs that use Vercel's `ai` with `@ai-sdk/openai-compatible`. */
export const scenarios: Scenarios = {
  async text(setting) {
    const { text, usage } = await generateText({ model: connect(setting), prompt: setting.prompt });
    return { text, usage: toUsage(usage) };
  },

  async stream(setting) {
    const result = streamText({ model: connect(setting), prompt: setting.prompt });
    const seen = { text: '', reasoning: '', pieces: 0, usage: {}, order: [] as string[] };
    for await (const part of result.fullStream) {
      if (seen.order.at(-1) !== part.type) seen.order.push(part.type);
      if (part.type === 'text-delta') {
        seen.text += part.text;
        seen.pieces += 1;
      }
      if (part.type === 'reasoning-delta') seen.reasoning += part.text;
      if (part.type === 'finish') seen.usage = toUsage(part.totalUsage);
    }
    return seen;
  },

  async tools(setting) {
    const calls: City[] = [];
    const { text } = await generateText({
      model: connect(setting),
      prompt: setting.prompt,
      tools: { get_weather: weatherTool(calls) },
      stopWhen: isStepCount(5),
    });
    return { text, calls };
  },

  async structured(setting) {
    const { output } = await generateText({
      model: connect(setting),
      prompt: setting.prompt,
      output: Output.object({ schema: Forecast }),
    });
    return { object: output };
  },

  async generateObject(setting) {
    const { object } = await generateObject({
      model: connect(setting),
      prompt: setting.prompt,
      schema: Forecast,
    });
    return { object };
  },

  async streamedTools(setting) {
    const calls: City[] = [];
    const result = streamText({
      model: connect(setting),
      prompt: setting.prompt,
      tools: { get_weather: weatherTool(calls) },
      stopWhen: isStepCount(5),
    });
    const text = await result.text;
    const steps = await result.steps;
    return { text, calls, finishes: steps.map(({ finishReason }) => finishReason) };
  },

  async abort(setting) {
    const leaving = new AbortController();
    const result = streamText({
      model: connect(setting),
      prompt: setting.prompt,
      abortSignal: leaving.signal,
    });
    let text = '';
    let isAborted = false;
    for await (const part of result.fullStream) {
      if (part.type === 'text-delta') {
        text += part.text;
        leaving.abort();
      }
      if (part.type === 'abort') isAborted = true;
    }
    return { text, isAborted, at: Date.now() };
  },

  async refused(setting) {
    const asked = generateText({ model: connect(setting), prompt: setting.prompt, maxRetries: 0 });
    return describeError(await asked.catch((error: unknown) => error));
  },

  async retried(setting) {
    const start = performance.now();
    const { text } = await generateText({ model: connect(setting), prompt: setting.prompt });
    return { text, ms: performance.now() - start };
  },

  async brokenStream(setting) {
    const errors: unknown[] = [];
    const result = streamText({
      model: connect(setting),
      prompt: setting.prompt,
      onError: () => undefined,
    });
    let text = '';
    let finish: unknown;
    for await (const part of result.fullStream) {
      if (part.type === 'text-delta') text += part.text;
      if (part.type === 'error') errors.push(part.error);
      if (part.type === 'finish') finish = part.finishReason;
    }
    return { text, errors: errors.map(describeThrown), finish };
  },
};

const describeThrown = (error: unknown): unknown =>
  error instanceof Error ? describeError(error) : error;
