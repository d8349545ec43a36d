import { forgetCooldowns } from '../../e2e/support/cooldowns.ts';
import { chatOf, post, sim, untilWarm } from '../chat.ts';
import { type Figure, now, repeat } from '../figure.ts';
import { roundTrips } from '../floors.ts';

const RUNS = 20;

/** From the service's refusal to the status at the client. */
export const quota: Figure = {
  name: 'quota failure → 429 at the client',
  unit: 'ms',
  targets: [[1, 1000]],
  floorName: 'Playwright round trip',
  async measure(bench) {
    const error = { status: 429, code: 8, message: 'You exceeded your current quota.' };
    const samples = await repeat(RUNS, bench, async () => {
      await untilWarm(bench);
      await bench.simulator.clearLog();
      const { status } = await post(bench, chatOf(sim({ error }), { stream: true }));
      const at = now();
      if (status !== 429) throw new Error(`status ${status} instead of 429`);
      await forgetCooldowns(bench.redis); // the next round must ask again
      return at - (await bench.simulator.lastRequestAt());
    });
    return { samples, floor: await roundTrips(bench.page, samples.length) };
  },
};
