import { beforeAll, describe, expect, it, jest } from '@jest/globals';

import { drainWhileStreaming, orders } from '../support/draining.ts';
import { keepForAll } from '../support/keep.ts';
import { type MortalStack, startMortalStack } from '../support/mortal-stack.ts';
import { Simulator } from '../support/simulator.ts';

jest.setTimeout(120_000); // three processes end and come back
let system: MortalStack;
let simulator: Simulator;

const keep = keepForAll();
beforeAll(async () => {
  system = keep(await startMortalStack({ SHUTDOWN_GRACE_MS: '20000' }));
  simulator = new Simulator(system.stack.controlUrl);
});

describe('the processes told to stop, one after the other', () => {
  it.each(orders.map((order) => [order.join(', then '), order] as const))(
    '%s: what streams is answered in full, what waits and what comes is sent away',
    async (_names, order) => {
      await simulator.clearLog();
      const { expected, stream, waiting, late } = await drainWhileStreaming(system, order, {
        chunks: 20,
        delayMs: 200,
        apartMs: 300,
      });
      expect(stream).toMatchObject({ text: expected, failure: undefined });
      expect(waiting).toMatchObject({ text: '', failure: 'not_ready' });
      expect(late).toMatchObject({ text: '', failure: 'not_ready' });
      expect(await simulator.generateContent()).toHaveLength(1);
    },
  );
});
