import { arrivals, chatOf, post, sim } from '../chat.ts';
import { type Figure, repeat } from '../figure.ts';
import { twoStreamHops } from '../floors.ts';

const RUNS = 10;
const CHUNKS = 50;

/** From a byte on the wire of the service to the same text at the client. */
export const relay: Figure = {
  name: 'upstream byte → SSE byte at the client',
  unit: 'ms',
  targets: [
    [0.5, 2],
    [0.99, 10],
  ],
  floorName: 'two Redis Stream hops',
  async measure(bench) {
    const prompt = sim({ text: 'abcd'.repeat(CHUNKS), chunks: CHUNKS, delayMs: 30 });
    const runs = await repeat(RUNS, bench, async () => {
      await bench.simulator.clearLog();
      const response = await post(bench, chatOf(prompt, { stream: true }));
      const arrived: number[] = [];
      for await (const at of arrivals(response)) arrived.push(at);
      const sent = await bench.simulator.lastSendTimes();
      return arrived.map((at, index) => at - (sent[index] ?? Number.NaN));
    });
    const samples = runs.flat();
    return { samples, floor: await twoStreamHops(bench.redis, Math.min(samples.length, 200)) };
  },
};
