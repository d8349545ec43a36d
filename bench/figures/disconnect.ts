import { arrivals, chatOf, openStream, sim, untilWarm } from '../chat.ts';
import { type Figure, now, repeat } from '../figure.ts';
import { roundTrips } from '../floors.ts';

const RUNS = 30;

/** From a client's leaving in the middle of an answer to the page's dropping of its request. */
export const disconnect: Figure = {
  name: 'disconnect → Stop pressed',
  unit: 'ms',
  targets: [[0.95, 500]],
  floorName: 'Playwright round trip',
  async measure(bench) {
    const endless = chatOf(sim({ text: 'x'.repeat(5000), chunks: 5000, delayMs: 20 }));
    const samples = await repeat(RUNS, bench, async () => {
      await untilWarm(bench);
      await bench.simulator.clearLog();
      const response = await openStream(bench, endless);
      await arrivals(response).next();
      const from = now();
      response.destroy();
      const { endedAt, endedBy } = await bench.simulator.lastEnd();
      if (endedBy !== 'client') throw new Error('the page did not stop');
      return endedAt - from;
    });
    return { samples, floor: await roundTrips(bench.page, samples.length) };
  },
};
