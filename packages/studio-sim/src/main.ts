import { createLogger, failPlainly, loadConfig, reportReady, untilStopped } from '@aistudio/core';

import { createStudioSim } from './studio-sim.ts';

failPlainly();
const config = loadConfig();
const log = createLogger('studio-sim', {
  level: config.LOG_LEVEL,
  format: config.LOG_FORMAT,
  file: config.LOG_FILE,
});

await using sim = await createStudioSim({
  host: config.SIM_HOST,
  port: config.SIM_PORT,
  controlPort: config.SIM_CONTROL_PORT,
  timing: config.SIM_TIMING,
  seed: config.SIM_SEED || undefined,
  caFile: config.AI_STUDIO_CA,
  onError: (error) => log.error('request failed', { error }),
});
const { port, controlPort, caSpki, seed } = sim;
log.info('simulator is up', { port, controlPort, seed });
reportReady({ port, controlPort, caSpki });
await untilStopped();
