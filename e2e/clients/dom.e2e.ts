import { beforeAll, beforeEach } from '@jest/globals';

import { keepForAll } from '../support/keep.ts';
import { Simulator } from '../support/simulator.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { CLIENT_NAMES } from './client-program.ts';
import { describeClient, QUESTION, type System } from './core-set.ts';

let stack: Stack;
let simulator: Simulator;

const keep = keepForAll();
beforeAll(async () => {
  stack = keep(await startStack({ env: { STREAM_PORT: '0' } }));
  simulator = new Simulator(stack.controlUrl);
});

beforeEach(async () => {
  await simulator.clear();
});

const system = (): System => ({
  setting: { baseUrl: stack.baseUrl, apiKey: 'any', model: 'gemini-2.5-flash', prompt: QUESTION },
  prepare: (steps) => simulator.script(QUESTION, ...steps),
});

for (const name of CLIENT_NAMES) describeClient(name, system);
