import { beforeAll, expect, it } from '@jest/globals';

import { keepForAll } from '../support/keep.ts';
import { Simulator } from '../support/simulator.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { CLIENT_NAMES } from './client-program.ts';
import { describeClient, QUESTION, type System } from './core-set.ts';
import { type StandInHelper, startStandInHelper } from './stand-in-helper.ts';

let helper: StandInHelper;
let stack: Stack;
let simulator: Simulator;

const keep = keepForAll();
beforeAll(async () => {
  helper = keep(await startStandInHelper());
  stack = keep(await startStack({ env: { STREAM_PORT: '0', HELPER_ENDPOINT: helper.url } }));
  simulator = new Simulator(stack.controlUrl);
});

const system = (): System => ({
  setting: { baseUrl: stack.baseUrl, apiKey: 'any', model: 'gemini-2.5-flash', prompt: QUESTION },
  prepare: async (steps) => helper.prepare(steps),
});

for (const name of CLIENT_NAMES) describeClient(name, system);

it('never asked the page for any of it', async () => {
  expect(await simulator.generateContent()).toHaveLength(0);
});
