import { Agent, OpenAIProvider, Runner, tool } from '@openai/agents';

import {
  City,
  describeError,
  Forecast,
  type Scenarios,
  type Setting,
  weatherIn,
} from './scenario.ts';

const connect = ({ baseUrl, apiKey }: Setting): Runner =>
  new Runner({
    modelProvider: new OpenAIProvider({ baseURL: baseUrl, apiKey, useResponses: false }),
    tracingDisabled: true,
  });

const weatherTool = (calls: City[]) =>
  tool({
    name: 'get_weather',
    description: 'The weather of a day.',
    parameters: City,
    execute: (place) => {
      calls.push(place);
      return weatherIn(place);
    },
  });

const clerk = ({ model }: Setting): Agent =>
  new Agent({ name: 'Clerk', instructions: 'Answer briefly.', model });

/** Programs that use `@openai/agents` over chat completions. */
export const scenarios: Scenarios = {
  async text(setting) {
    const result = await connect(setting).run(clerk(setting), setting.prompt);
    const { inputTokens: input, outputTokens: output } = result.state.usage;
    return { text: result.finalOutput, usage: { input, output } };
  },

  async stream(setting) {
    const result = await connect(setting).run(clerk(setting), setting.prompt, { stream: true });
    let text = '';
    let pieces = 0;
    const items: string[] = [];
    for await (const event of result) {
      if (event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta') {
        text += event.data.delta;
        pieces += 1;
      }
      if (event.type === 'run_item_stream_event') items.push(event.name);
    }
    await result.completed;
    const { inputTokens: input, outputTokens: output } = result.state.usage;
    return { text, pieces, items, final: result.finalOutput, usage: { input, output } };
  },

  async tools(setting) {
    const calls: City[] = [];
    const agent = new Agent({
      name: 'Forecaster',
      instructions: 'Use your tool.',
      model: setting.model,
      tools: [weatherTool(calls)],
    });
    const result = await connect(setting).run(agent, setting.prompt);
    return { text: result.finalOutput, calls };
  },

  async structured(setting) {
    const agent = new Agent({
      name: 'Forecaster',
      instructions: 'Answer in JSON.',
      model: setting.model,
      outputType: Forecast,
    });
    const result = await connect(setting).run(agent, setting.prompt);
    return { object: result.finalOutput };
  },

  async handoff(setting) {
    const calls: City[] = [];
    const forecaster = new Agent({
      name: 'Forecaster',
      instructions: 'Use your tool.',
      handoffDescription: 'knows the weather',
      model: setting.model,
      tools: [weatherTool(calls)],
    });
    const desk = Agent.create({
      name: 'Desk',
      instructions: 'Hand over.',
      model: setting.model,
      handoffs: [forecaster],
    });
    const result = await connect(setting).run(desk, setting.prompt, { stream: true });
    const items: string[] = [];
    for await (const event of result) {
      if (event.type === 'run_item_stream_event') items.push(event.name);
    }
    return { text: result.finalOutput, calls, items, last: result.lastAgent?.name };
  },

  async refused(setting) {
    const asked = connect(setting).run(clerk(setting), setting.prompt);
    return describeError(await asked.catch((error: unknown) => error));
  },
};
