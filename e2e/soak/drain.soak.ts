import { expect, it } from '@jest/globals';

import { drainWhileStreaming, orders } from '../support/draining.ts';
import { startMortalStack } from '../support/mortal-stack.ts';
import { report } from './size.ts';

it('streams of 30 s survive the end of all processes in every order', async () => {
  await using system = await startMortalStack({ SHUTDOWN_GRACE_MS: '35000' });
  for (const order of orders) {
    const { expected, stream, waiting, late } = await drainWhileStreaming(system, order, {
      chunks: 300,
      delayMs: 100,
      apartMs: 1000,
    });
    report(`${order.join(', then ')}: a stream of ${Math.round(stream.seconds)} s`);
    expect(stream).toMatchObject({ text: expected, failure: undefined });
    expect([waiting.failure, late.failure]).toEqual(['not_ready', 'not_ready']);
  }
});
