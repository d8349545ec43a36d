import { chatOf, phasesOf, sim, untilWarm } from '../chat.ts';
import { type Bench, type Figure } from '../figure.ts';
import { pssMb } from '../process-usage.ts';

const REQUESTS = 1000;
/** What grows with the first requests, caches above all, is no leak. */
const FIRST = 100;

const LENGTHS = { small: 0, '200,000-character': 200_000 } as const;

/** How much more the driver and Chromium hold after a thousand prompts than after the first hundred. */
const growthOf = (what: keyof typeof LENGTHS, where: 'driver' | 'Chromium'): Figure => ({
  name: `memory that ${where} gains by ${REQUESTS} ${what} prompts`,
  unit: 'MB',
  targets: [[1, 50]],
  floorName: 'none',
  async measure(bench) {
    const { driver, Chromium } = await growth(bench, LENGTHS[what]);
    return { samples: [where === 'driver' ? driver : Chromium], floor: [0] };
  },
});

/** They take the better part of an hour, and are measured only when they are asked for. */
export const lastingMemory: readonly Figure[] = (['small', '200,000-character'] as const).flatMap(
  (what) => [growthOf(what, 'driver'), growthOf(what, 'Chromium')],
);

interface Memory {
  readonly driver: number;
  readonly Chromium: number;
}
const measured = new Map<number, Promise<Memory>>();

function growth(bench: Bench, length: number): Promise<Memory> {
  const known = measured.get(length) ?? measure(bench, length);
  measured.set(length, known);
  return known;
}

async function measure(bench: Bench, length: number): Promise<Memory> {
  const line = 'Lorem ipsum dolor sit amet, 漢字, and so on.\n';
  const filler = line.repeat(length / line.length);
  const ask = async (count: number): Promise<Memory> => {
    for (let round = 0; round < count / bench.hurry; round++) {
      await untilWarm(bench);
      await phasesOf(bench, chatOf(`${round}\n${filler}\n${sim({ text: 'ok' })}`));
    }
    return memoryOf(bench);
  };
  const before = await ask(FIRST);
  const after = await ask(REQUESTS);
  return { driver: after.driver - before.driver, Chromium: after.Chromium - before.Chromium };
}

function memoryOf({ stack }: Pick<Bench, 'stack'>): Memory {
  const pids = stack
    .processes()
    .filter(({ command }) => command.includes('--type=') || command.includes('--remote-debugging'))
    .map(({ pid }) => pid);
  return {
    driver: pssMb(stack.pidOf('browser-driver') ?? 0),
    Chromium: pids.reduce((sum, pid) => sum + pssMb(pid), 0),
  };
}
