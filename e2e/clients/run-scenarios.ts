import { z } from 'zod';

import { type Scenario, Setting } from './scenario.ts';

const Program = z.object({
  scenarios: z.record(
    z.string(),
    z.custom<Scenario>((value) => typeof value === 'function'),
  ),
});
const Order = z.object({ name: z.string(), setting: Setting });

// Runs the scenarios of the module that is its argument, one after another, as the parent asks.
const { scenarios } = Program.parse(await import(process.argv[2] ?? ''));

process.on('message', (message) => {
  void run(Order.parse(message)).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit());
process.send?.({ result: process.version });

async function run({ name, setting }: z.infer<typeof Order>): Promise<object> {
  try {
    const scenario = scenarios[name];
    if (!scenario) throw new Error(`there is no scenario ${name}`);
    return { result: await scenario(setting) };
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
