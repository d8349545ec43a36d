import { chatOf, post, untilWarm } from '../chat.ts';
import { type Bench, type Figure, now, repeat } from '../figure.ts';
import { roundTrips } from '../floors.ts';

const RUNS = 40;

/** Two wishes that have no setting in common. */
const WISHES = [
  {
    model: 'gemini-2.5-flash',
    temperature: 0.1,
    top_p: 0.2,
    max_tokens: 1000,
    stop: ['ONE'],
    reasoning_effort: 'low',
    system: 'Answer briefly.',
    tools: [{ type: 'google_search' }],
  },
  {
    model: 'gemini-2.5-pro',
    temperature: 1.7,
    top_p: 0.9,
    max_tokens: 2000,
    stop: ['TWO', 'THREE'],
    reasoning_effort: 'high',
    system: 'Answer at length.',
    tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
  },
] as const;

/** From the client's request to the page's own, with the page as the last prompt left it. */
export const nothingDiffers: Figure = {
  name: 'request → GenerateContent, nothing differs',
  unit: 'ms',
  targets: [[0.5, 150]],
  floorName: 'Playwright round trip',
  measure: (bench) => measure(bench, () => chatOf('echo: x')),
};

/** The same, where model, system instructions, tools and every other setting must change. */
export const everythingDiffers: Figure = {
  ...nothingDiffers,
  name: 'request → GenerateContent, everything differs',
  targets: [[0.5, 700]],
  measure: (bench) =>
    measure(bench, (round) => {
      const { system, ...wish } = WISHES[round % 2 === 0 ? 0 : 1];
      const messages = [
        { role: 'system', content: system },
        { role: 'user', content: 'echo: x' },
      ];
      return { ...wish, messages };
    }),
};

async function measure(
  bench: Bench,
  body: (round: number) => object,
): ReturnType<Figure['measure']> {
  const ask = async (round: number): Promise<number> => {
    await untilWarm(bench);
    await bench.simulator.clearLog();
    const from = now();
    const response = await post(bench, body(round));
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status}: ${text}`);
    return (await bench.simulator.lastRequestAt()) - from;
  };
  await ask(1); // leaves the page as the first measured round expects it
  const samples = await repeat(RUNS, bench, ask);
  return { samples, floor: await roundTrips(bench.page, samples.length) };
}
