import { setTimeout as delay } from 'node:timers/promises';

import { chatOf, phasesOf, post, sim, untilWarm } from '../chat.ts';
import { type Figure, now, repeat } from '../figure.ts';
import { navigations } from '../floors.ts';

const RUNS = 20;

/** From the last byte of an answer at its client to the page that the next prompt in line gets. */
export const slotReady: Figure = {
  name: 'end of reply → slot ready again',
  unit: 'ms',
  targets: [[0.5, 300]],
  floorName: 'navigation to an empty page',
  async measure(bench) {
    const first = chatOf(sim({ text: 'abcdefgh', chunks: 8, delayMs: 50 }), { stream: true });
    const samples = await repeat(RUNS, bench, async () => {
      await untilWarm(bench);
      const response = await post(bench, first);
      const reading = response.text().then(now);
      await delay(20); // it is first in line
      const askedAt = now();
      const { queue = 0, prepare = 0 } = await phasesOf(bench, chatOf('echo: x'));
      return askedAt + queue + prepare - (await reading);
    });
    return { samples, floor: await navigations(bench.page, samples.length) };
  },
};
