import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { type Config, createLogger, loadConfig, readEnvironment } from '@aistudio/core';

import { ask } from '../client/ask.ts';
import { print, tell, tellTime } from '../output/terminal.ts';
import { requireFreePorts, type WantedPort } from '../setup/ports.ts';
import { root, setUp } from '../setup/setup.ts';
import { type Demo, startDemo } from '../supervisor/demo-stack.ts';
import { untilAborted, watchForStop } from '../supervisor/stop-signal.ts';

const USAGE = `Usage: npx -y pnpm@12 demo [--once | --serve]
  (none)   send one prompt, print its answer, and stay up for your own client
  --once   send one prompt, print its answer, and end
  --serve  send nothing; print one line when everything is healthy, and stay up`;

const MODEL = 'gemini-2.5-flash';
const PROMPT = 'Tell me in a few words how a prompt gets from me to you and back.';

/** What the command line asks for. */
type Mode = 'stay' | 'once' | 'serve';

async function main(): Promise<void> {
  const mode = readMode();
  const signal = await watchForStop();
  // a real sign-in is for the real thing: its cookies have no business with the simulator
  const environment = readEnvironment(join(root, '.env'), ['AUTH_PROFILE']);
  const config = loadConfig(environment);
  await requireFreePorts(wantedPorts(config));
  const { CHROMIUM_PATH: chromiumPath, REDIS_URL } = config;
  const needsRedis = REDIS_URL === undefined;
  const { redisServer } = await setUp({ chromiumPath, needsRedis, environment, signal });
  const log = createLogger('launcher', { level: config.LOG_LEVEL, format: config.LOG_FORMAT });

  await using demo = await tellTime(
    'Started',
    startDemo({ config, environment, redisServer, signal, log }),
  );
  if (mode === 'serve') print(`ready ${demo.baseUrl}`);
  else await showAnswer(demo, config, AbortSignal.any([signal, demo.broken]));
  if (mode === 'once') return;
  if (mode === 'stay') showHowToGoOn(demo, config);
  await untilAborted(AbortSignal.any([signal, demo.broken]));
  if (demo.broken.aborted) throw demo.broken.reason;
}

function readMode(): Mode {
  try {
    const { values } = parseArgs({
      options: { once: { type: 'boolean' }, serve: { type: 'boolean' } },
    });
    if (values.once && values.serve) throw new Error('--once and --serve exclude each other.');
    return values.once ? 'once' : values.serve ? 'serve' : 'stay';
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : ''}\n${USAGE}`, { cause: error });
  }
}

function wantedPorts(config: Config): WantedPort[] {
  const { HOST, PORT, STREAM_PORT, SIM_PORT, SIM_CONTROL_PORT } = config;
  return [
    { setting: 'PORT', host: HOST, port: PORT },
    { setting: 'STREAM_PORT', host: '127.0.0.1', port: STREAM_PORT },
    { setting: 'SIM_PORT', host: '127.0.0.1', port: SIM_PORT },
    { setting: 'SIM_CONTROL_PORT', host: '127.0.0.1', port: SIM_CONTROL_PORT },
  ];
}

/** Prints the prompt, its answer as it comes, and a line of figures. */
async function showAnswer(demo: Demo, config: Config, signal: AbortSignal): Promise<void> {
  print(`> ${PROMPT}\n`);
  const figures = await ask({
    baseUrl: demo.baseUrl,
    apiKey: config.API_KEYS[0],
    model: MODEL,
    prompt: PROMPT,
    onText: (text) => process.stdout.write(text),
    signal,
  });
  const { tier, firstTokenMs, promptTokens, completionTokens } = figures;
  print(
    `\n\ntier ${tier} · first token after ${Math.round(firstTokenMs)} ms · ${promptTokens} tokens in, ${completionTokens} out`,
  );
}

function showHowToGoOn(demo: Demo, config: Config): void {
  const [key] = config.API_KEYS;
  const authorization = key ? ` -H 'authorization: Bearer ${key}'` : '';
  print(`
The API is at ${demo.baseUrl} until you press Ctrl-C. Point any OpenAI client there, or try:
  curl -N ${demo.baseUrl}/chat/completions -H 'content-type: application/json'${authorization} \\
    -d '{"model":"${MODEL}","stream":true,"messages":[{"role":"user","content":"echo: Hello!"}]}'`);
}

await main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
