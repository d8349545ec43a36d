import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { type Config, loadConfig, readEnvironment } from '@aistudio/core';
import {
  type Recording,
  summarizeRecording,
  toPreview,
  writePrivately,
  writeRecording,
} from '@aistudio/recorder';
import { z } from 'zod';

import { ask } from '../client/ask.ts';
import { makeRecording } from '../client/make-recording.ts';
import { print, tell } from '../output/terminal.ts';
import { connectToRunning } from '../redis/running-redis.ts';
import { root } from '../setup/setup.ts';
import { watchForStop } from '../supervisor/stop-signal.ts';

const USAGE = `Usage: pnpm record [--prompt TEXT] [--model ID] [--api-key KEY] [--out FILE]
       pnpm record --next [--out FILE]
  --prompt TEXT  what to ask; it is not in the recording. This presses Run once.
  --model ID     which model. Default: the first that is free
  --api-key KEY  a key of the API, if it asks for one. Default: the first of API_KEYS
  --next         send nothing: record the next prompt that any client sends
  --out FILE     where to write it (.gz: packed). Default: data/recordings/TIME.json`;

const PROMPT = 'In one short sentence: what is a prompt?';

/** What we read of `GET /v1/models`. */
const Models = z.object({ data: z.array(z.looseObject({ id: z.string() })) });

/**
 * `pnpm record`: has the running system record one prompt on the real page, shows what is kept of
 * it, and writes it to a file that can be shared.
 */
async function main(): Promise<number> {
  const options = readOptions();
  const signal = await watchForStop();
  const config = loadConfig(readEnvironment(join(root, '.env')));
  await using redis = await connectToRunning({ redisUrl: config.REDIS_URL, port: config.PORT });
  if (options.next) tell('Waiting for the next prompt that a client sends (up to 15 minutes).');
  const send = options.next ? undefined : await toSend(config, options, signal);
  const { recording, failure } = await makeRecording(redis, send, signal);
  if (failure) tell(`The prompt failed: ${failure.message} What the page did is recorded.`);

  const file = resolve(root, options.out ?? join(config.DATA_DIR, 'recordings', fileName()));
  const preview = `${file.replace(/\.json(\.gz)?$/, '')}.preview.txt`;
  await writeRecording(file, recording);
  await writePrivately(preview, toPreview(recording));
  show(recording, file, preview);
  return 0;
}

interface Options {
  readonly prompt: string;
  readonly model: string | undefined;
  readonly apiKey: string | undefined;
  readonly next: boolean;
  readonly out: string | undefined;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        prompt: { type: 'string' },
        model: { type: 'string' },
        'api-key': { type: 'string' },
        next: { type: 'boolean' },
        out: { type: 'string' },
      },
    });
    return {
      prompt: values.prompt ?? PROMPT,
      model: values.model,
      apiKey: values['api-key'],
      next: values.next ?? false,
      out: values.out,
    };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : ''}\n${USAGE}`, { cause: error });
  }
}

/** What sends the prompt, announced: each press of Run counts. */
async function toSend(
  config: Config,
  options: Options,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const baseUrl = `http://127.0.0.1:${config.PORT}/v1`;
  const apiKey = options.apiKey ?? config.API_KEYS[0];
  const model = options.model ?? (await firstModel(baseUrl, apiKey, signal));
  tell(`This sends one prompt to ${model}, and so presses Run once: “${options.prompt}”`);
  return async () => {
    const { prompt } = options;
    await ask({ baseUrl, apiKey, model, prompt, onText: () => undefined, signal });
  };
}

async function firstModel(
  baseUrl: string,
  apiKey: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const headers = apiKey ? { authorization: `Bearer ${apiKey}` } : {};
  const response = await fetch(`${baseUrl}/models`, { headers, signal });
  if (!response.ok) {
    throw new Error(
      `The API answers ${response.status}. Does it ask for a key? Say --api-key KEY.`,
    );
  }
  const { data } = Models.parse(await response.json());
  const model = data.find((entry) => entry['paid'] !== true && entry['paid_only'] !== true);
  if (!model) throw new Error('The API knows no model yet. Say which: --model ID.');
  return model.id;
}

/** Sorts by time, and tells nothing but that. */
const fileName = (): string =>
  `${new Date().toISOString().slice(0, 16).replaceAll(/[:T]/g, '-')}.json`;

const place = (path: string): string => relative(process.cwd(), path) || path;

function show(recording: Recording, file: string, preview: string): void {
  const { steps, calls, labels, placeholders, codes, bytes } = summarizeRecording(recording);
  print(`Kept ${steps.length} steps: ${steps.join(', ')}`);
  const counts = Object.entries(calls).map(([method, count]) => `${method} × ${count}`);
  print(`Kept the calls: ${counts.join(', ') || 'none'}`);
  print(
    `Replaced ${placeholders} texts by placeholders; kept ${labels.length} of the page's own and ${codes.length} codes of the network format.`,
  );
  for (const note of recording.notes) print(`Note: ${note}`);
  print(`\nRecording: ${place(file)} (${Math.ceil(bytes / 1024)} kB)`);
  print(`Everything that was kept as it is, to read before you share it: ${place(preview)}`);
}

process.exitCode = await main().catch((error: unknown) => {
  tell(error instanceof Error ? error.message : String(error));
  return 1;
});
