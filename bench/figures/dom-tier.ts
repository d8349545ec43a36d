import { startRedis } from '../../e2e/support/redis-server.ts';
import { Simulator } from '../../e2e/support/simulator.ts';
import { startStack } from '../../e2e/support/stack.ts';
import { arrivals, chatOf, openStream, sim, untilWarm } from '../chat.ts';
import { type Figure, repeat } from '../figure.ts';
import { roundTrips } from '../floors.ts';

const RUNS = 20;

/**
 * From the first piece's way to the page, which shows it as it comes, to the same at the client, in
 * a system of its own without a stream proxy: what is sent is only read off the page.
 */
export const domTier: Figure = {
  name: 'DOM tier: first text rendered → at the client',
  unit: 'ms',
  targets: [[0.5, 150]],
  floorName: 'Playwright round trip',
  async measure(bench) {
    await using redisServer = await startRedis();
    const env = {
      REDIS_URL: redisServer.url,
      LOG_LEVEL: 'warn',
      STREAM_PORT: '0',
      SIM_TIMING: 'fast',
    };
    await using stack = await startStack({ env });
    const simulator = new Simulator(stack.controlUrl);
    const prompt = sim({ text: 'abcd'.repeat(10), chunks: 10, delayMs: 50 });
    const stream = async (): Promise<number> => {
      await untilWarm({ stack });
      await simulator.clearLog();
      const response = await openStream({ stack }, chatOf(prompt));
      const arrived: number[] = [];
      for await (const { at } of arrivals(response)) arrived.push(at);
      const [sentAt] = await simulator.lastSendTimes();
      return (arrived[0] ?? Number.NaN) - (sentAt ?? Number.NaN);
    };
    const samples = await repeat(RUNS, bench, stream);
    return { samples, floor: await roundTrips(bench.page, samples.length) };
  },
};
