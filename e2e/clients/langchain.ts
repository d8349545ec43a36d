import { type AIMessageChunk, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';

import {
  City,
  describeError,
  Forecast,
  type Scenarios,
  type Setting,
  weatherIn,
} from './scenario.ts';

const connect = ({ baseUrl, apiKey, model }: Setting): ChatOpenAI =>
  new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL: baseUrl } });

const Usage = z.object({ input_tokens: z.number(), output_tokens: z.number() });
const toUsage = (message: AIMessageChunk): object => {
  const { input_tokens: input, output_tokens: output } = Usage.parse(message.usage_metadata);
  return { input, output };
};

/** Programs that use LangChain's `@langchain/openai`. */
export const scenarios: Scenarios = {
  async text(setting) {
    const message = await connect(setting).invoke(setting.prompt);
    return { text: message.text, usage: toUsage(message) };
  },

  async stream(setting) {
    let whole: AIMessageChunk | undefined;
    let pieces = 0;
    for await (const chunk of await connect(setting).stream(setting.prompt)) {
      if (chunk.text !== '') pieces += 1;
      whole = whole ? whole.concat(chunk) : chunk;
    }
    return { text: whole?.text, pieces, usage: whole && toUsage(whole) };
  },

  async tools(setting) {
    const calls: City[] = [];
    const weather = tool(
      (place: City) => {
        calls.push(place);
        return weatherIn(place);
      },
      { name: 'get_weather', description: 'The weather of a day.', schema: City },
    );
    const model = connect(setting).bindTools([weather]);
    const messages: (HumanMessage | AIMessageChunk | ToolMessage)[] = [
      new HumanMessage(setting.prompt),
    ];
    for (;;) {
      const message = await model.invoke(messages);
      messages.push(message);
      if (!message.tool_calls?.length) return { text: message.text, calls };
      for (const call of message.tool_calls) {
        messages.push(
          new ToolMessage({
            tool_call_id: call.id ?? '',
            content: await weather.invoke(City.parse(call.args)),
          }),
        );
      }
    }
  },

  async structured(setting) {
    const model = connect(setting).withStructuredOutput(Forecast, { method: 'jsonSchema' });
    return { object: await model.invoke(setting.prompt) };
  },

  async structuredByCall(setting) {
    const model = connect(setting).withStructuredOutput(Forecast, {
      method: 'functionCalling',
      name: 'forecast',
    });
    return { object: await model.invoke(setting.prompt) };
  },

  async structuredByMode(setting) {
    const model = connect(setting).withStructuredOutput(Forecast, { method: 'jsonMode' });
    return { object: await model.invoke(setting.prompt) };
  },

  async streamedCalls(setting) {
    const model = connect(setting).bindTools([
      { type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } },
    ]);
    let whole: AIMessageChunk | undefined;
    for await (const chunk of await model.stream(setting.prompt)) {
      whole = whole ? whole.concat(chunk) : chunk;
    }
    return {
      calls: whole?.tool_calls?.map(({ name, args }) => ({ name, args })),
      finish: whole?.response_metadata['finish_reason'],
    };
  },

  async refused(setting) {
    const asked = connect(setting).invoke(setting.prompt);
    return describeError(await asked.catch((error: unknown) => error));
  },

  async abort(setting) {
    const leaving = new AbortController();
    let text = '';
    try {
      const { signal } = leaving;
      for await (const chunk of await connect(setting).stream(setting.prompt, { signal })) {
        text += chunk.text;
        if (text !== '') leaving.abort();
      }
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
    }
    return { text, at: Date.now() };
  },
};
