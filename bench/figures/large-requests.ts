import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { type Stack, startStack } from '../../e2e/support/stack.ts';
import { chatOf, MODEL, post, sim, untilWarm } from '../chat.ts';
import { type Figure, now, repeat } from '../figure.ts';
import { pidOf } from '../process-usage.ts';

const RUNS = 4;
const POLL_MS = 5;
const MEASURED = ['api', 'browser-driver', 'stream-proxy'] as const;
const OK = sim({ text: 'ok' });

const png = (bytes: number): string =>
  Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(bytes)]).toString(
    'base64',
  );
const list = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** What clients send, and get, that is large in its own way. */
const REQUESTS: Readonly<Record<string, () => object>> = {
  'an image of 45 MB': () => {
    const url = `data:image/png;base64,${png(45_000_000)}`;
    const content = [
      { type: 'image_url', image_url: { url } },
      { type: 'text', text: OK },
    ];
    return { model: MODEL, messages: [{ role: 'user', content }] };
  },
  '5,000 messages': () => {
    const messages = list(4999, (index) => ({
      role: index % 2 === 0 ? 'user' : 'assistant',
      content: `Message ${index}: lorem ipsum dolor sit amet, and so on.`,
    }));
    return { model: MODEL, messages: [...messages, { role: 'user', content: OK }] };
  },
  '1,000 tools': () => {
    const properties = { city: { type: 'string' }, days: { type: 'integer' } };
    const parameters = { type: 'object', properties, required: ['city'] };
    const tools = list(1000, (index) => ({
      type: 'function',
      function: { name: `tool_${index}`, description: 'Does something.', parameters },
    }));
    return chatOf(OK, { tools });
  },
  '8 tools of 1,000 alternatives': () => {
    const anyOf = [{ type: 'string' }, { type: 'integer' }, { type: 'object', properties: {} }];
    const properties = Object.fromEntries(list(1000, (index) => [`property_${index}`, { anyOf }]));
    const parameters = { type: 'object', properties };
    const tools = list(8, (index) => ({
      type: 'function',
      function: { name: `tool_${index}`, parameters },
    }));
    return chatOf(OK, { tools });
  },
  'an answer with an image of 1 MB': () =>
    chatOf(sim({ media: { mimeType: 'image/png', data: png(1_000_000) }, text: 'ok' })),
};

/** The longest time for which one request keeps any of the three processes from all others. */
export const largeRequests: readonly Figure[] = Object.entries(REQUESTS).map(([name, make]) => ({
  name: `longest block of an event loop by ${name}, least of ${RUNS}`,
  unit: 'ms',
  targets: [[1, 50]],
  floorName: 'JSON.parse of the request',
  async measure({ hurry }) {
    const folder = mkdtempSync(join(tmpdir(), 'loop-meter-'));
    try {
      const meter = pathToFileURL(join(import.meta.dirname, '../loop-meter.mjs')).href;
      await using stack = await startStack({
        env: {
          LOG_LEVEL: 'warn',
          SIM_TIMING: 'fast',
          NODE_OPTIONS: `--import=${meter}`,
          LOOP_METER_FOLDER: folder,
        },
      });
      const body = make();
      const blocks = await repeat(RUNS, { hurry }, () => longestBlock(stack, folder, body));
      const text = JSON.stringify(body);
      const from = now();
      JSON.parse(text);
      // What else runs on the machine adds to a block, and the first run compiles: the least counts.
      return { samples: [Math.min(...blocks)], floor: [now() - from] };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
}));

async function longestBlock(stack: Stack, folder: string, body: object): Promise<number> {
  await untilWarm({ stack });
  const files = MEASURED.map((name) => join(folder, String(pidOf(stack, name))));
  const signal = async (): Promise<void> => {
    for (const file of files) rmSync(file, { force: true });
    for (const name of MEASURED) process.kill(pidOf(stack, name), 'SIGUSR2');
    while (!files.every((file) => existsSync(file))) await delay(POLL_MS);
  };
  await signal();
  const response = await post({ stack }, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text.slice(0, 300)}`);
  await untilWarm({ stack });
  await signal();
  return Math.max(...files.map((file) => Number(readFileSync(file, 'utf8'))));
}
