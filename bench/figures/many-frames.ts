import { JobEvent } from '@aistudio/core';
import { createAnswerDecoder } from '@aistudio/wire';

import { chatOf, openStream, sim, untilWarm } from '../chat.ts';
import { type Figure, repeat } from '../figure.ts';
import { cpuMs, pidOf } from '../process-usage.ts';

const RUNS = 3;
const FRAMES = 10_000;
const PIECE = 'abcdefghi '.repeat(10);

/** What a long answer in small pieces costs all processes that it passes together. */
export const manyFrames: Figure = {
  name: `CPU of api, driver and proxy for ${(FRAMES * PIECE.length) / 1e6} M characters in ${FRAMES} frames`,
  unit: 'ms',
  targets: [[0.5, 1000]],
  floorName: 'decoding, and JSON of each piece on two hops, in one loop',
  async measure(bench) {
    const prompt = sim({ text: PIECE.repeat(FRAMES), chunks: FRAMES });
    const pids = (['api', 'browser-driver', 'stream-proxy'] as const).map((name) =>
      pidOf(bench.stack, name),
    );
    const spent = (): number => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
    const samples = await repeat(RUNS, bench, async () => {
      await untilWarm(bench);
      const before = spent();
      const response = await openStream(bench, chatOf(prompt));
      response.resume();
      await new Promise((resolve) => response.once('end', resolve));
      return spent() - before;
    });
    const floor = await repeat(RUNS, bench, () => Promise.resolve(plainLoop()));
    return { samples, floor };
  },
};

function plainLoop(): number {
  const before = process.cpuUsage();
  const decoder = createAnswerDecoder({ status: 200 });
  const frame = Buffer.from(`[[[[[[null,${JSON.stringify(PIECE)}]],"model"]]]],`);
  decoder.push(Buffer.from('[['));
  let length = 0;
  for (let count = 0; count < FRAMES; count++) {
    for (const event of decoder.push(frame)) {
      for (let hop = 0; hop < 2; hop++) {
        length += JSON.stringify(JobEvent.parse(JSON.parse(JSON.stringify(event)))).length;
      }
    }
  }
  if (length === 0) throw new Error('nothing was decoded');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
