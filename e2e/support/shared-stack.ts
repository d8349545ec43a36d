import { afterAll, beforeAll } from '@jest/globals';
import OpenAI from 'openai';

import { Simulator } from './simulator.ts';
import { type Stack, startStack } from './stack.ts';

/** One running system and what asks it. */
export interface SharedStack {
  readonly stack: Stack;
  readonly simulator: Simulator;
  /** Never sends anything a second time. */
  readonly client: OpenAI;
}

type Environment = Readonly<Record<string, string>>;

/**
 * Has one system run for all tests of a file or a `describe`. `environment` gives its settings when
 * it is about to start; what the result has is there from then on.
 */
export function shareStack(
  environment: () => Environment | Promise<Environment> = () => ({}),
): SharedStack {
  let running: SharedStack | undefined;
  const started = (): SharedStack => {
    if (!running) throw new Error('The stack is not there before the tests run.');
    return running;
  };

  beforeAll(async () => {
    const stack = await startStack({ env: await environment() });
    const simulator = new Simulator(stack.controlUrl);
    const client = new OpenAI({ baseURL: stack.baseUrl, apiKey: 'any', maxRetries: 0 });
    running = { stack, simulator, client };
  });
  afterAll(async () => {
    await running?.stack[Symbol.asyncDispose]();
  });

  return {
    get stack() {
      return started().stack;
    },
    get simulator() {
      return started().simulator;
    },
    get client() {
      return started().client;
    },
  };
}
