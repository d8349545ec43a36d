import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { type ReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';

import { connectRedis, type JobEvent } from '@aistudio/core';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chromium } from 'playwright';
import { z } from 'zod';

import { findChromium } from '../../packages/browser-driver/src/browser/browser.ts';
import { type ApiProcess, startApi } from '../support/api-process.ts';
import { atEnd, keepForAll } from '../support/keep.ts';
import { preparePython } from '../support/python.ts';
import { startRedis } from '../support/redis-server.ts';
import { finish, MODEL, startStandInDriver, text } from '../support/stand-in-driver.ts';

const run = promisify(execFile);

/** Characters at which some readers end a line, and others that need care. */
const EXOTIC = 'a\u2028b\u2029c\u0085d\v\f\x1c\x1d\x1ee\r\nf\rg 漢字 😀 "\\';
const IMAGE = Buffer.alloc(750_000, '\x89PNG').toString('base64'); // 1 MB
const TEXT = EXOTIC.repeat(4000);
const ARGUMENTS = JSON.stringify({ text: EXOTIC.repeat(9000) }); // more than 300 kB

const ANSWER: readonly JobEvent[] = [
  { type: 'started', tier: 'stream-proxy', model: MODEL },
  text(TEXT),
  { type: 'media', mimeType: 'image/png', data: IMAGE },
  { type: 'tool_call', index: 0, id: 'call_1', name: 'f', arguments: ARGUMENTS },
  finish,
];
const sha256 = (whole: string): string => createHash('sha256').update(whole).digest('hex');
const EXPECTED = {
  content: sha256(`${TEXT}\n\n![image](data:image/png;base64,${IMAGE})`),
  arguments: sha256(ARGUMENTS),
  isDone: true,
};

const folder = mkdtempSync(join(tmpdir(), 'aistudio-readers-'));
const pythons = [
  {
    libraries: ['aiohttp', 'httpx', 'requests'],
    packages: ['aiohttp==3.12.15', 'httpx', 'requests'],
  },
  { libraries: ['aiohttp'], packages: ['aiohttp==3.14.5'] },
].map((each) => ({ ...each, python: preparePython(folder, each.packages) }));
const readers = pythons.flatMap(({ libraries, packages, python }) =>
  libraries.map((name, index) => ({ name, version: packages[index] ?? name, ...python })),
);
const hasCurl = spawnSync('curl', ['--version']).status === 0;

let api: ApiProcess;
const keep = keepForAll();
keep(atEnd(() => rmSync(folder, { recursive: true })));
jest.setTimeout(120_000);
beforeAll(async () => {
  const redisServer = keep(await startRedis());
  const redis = keep(await connectRedis(redisServer.url));
  const driver = keep(await startStandInDriver(redis));
  driver.answer = async (writer) => {
    for (const event of ANSWER) await writer.append(event);
  };
  api = keep(await startApi(redisServer.url, { CORS_ORIGINS: 'file://' }));
});

const url = (): string => `${api.url}/v1/chat/completions`;
const BODY = JSON.stringify({
  model: MODEL,
  messages: [{ role: 'user', content: 'Hi' }],
  stream: true,
});
const post = (): Promise<Response> =>
  fetch(url(), { method: 'POST', body: BODY, headers: { 'content-type': 'application/json' } });

const Chunk = z.object({
  choices: z.array(
    z.object({
      delta: z.object({
        content: z.string().nullish(),
        tool_calls: z.array(z.object({ function: z.object({ arguments: z.string() }) })).nullish(),
      }),
    }),
  ),
});

/** What a client puts together from the lines of a stream. */
function assemble(lines: readonly string[]): typeof EXPECTED {
  const data = lines.filter((line) => line !== '' && !line.startsWith(':'));
  const events = data.map((line) => /^data: (.*)$/.exec(line)?.[1] ?? `no event: ${line}`);
  const deltas = events
    .filter((event) => event !== '[DONE]')
    .flatMap((event) => Chunk.parse(JSON.parse(event)).choices.map(({ delta }) => delta));
  const calls = deltas.flatMap(({ tool_calls }) => tool_calls ?? []);
  return {
    content: sha256(deltas.map(({ content }) => content ?? '').join('')),
    arguments: sha256(calls.map((call) => call.function.arguments).join('')),
    isDone: events.at(-1) === '[DONE]',
  };
}

describe('an answer with an image of 1 MB, arguments of 300 kB and exotic ends of lines', () => {
  it('is read whole by Node’s fetch, in lines below 60 kB', async () => {
    const lines = (await (await post()).text()).split('\n');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThan(60_000);
    expect(assemble(lines)).toEqual(EXPECTED);
  });

  it('is read whole by Node’s readline, for which U+2028 ends a line', async () => {
    const { body } = await post();
    const input = Readable.fromWeb(body as ReadableStream);
    const lines: string[] = [];
    const reader = createInterface({ input, crlfDelay: Infinity });
    reader.on('line', (line) => lines.push(line));
    await once(reader, 'close');
    expect(assemble(lines)).toEqual(EXPECTED);
  });

  for (const { name, version, program, missing } of readers) {
    if (missing !== undefined) {
      it.todo(`is read whole by Python’s ${version} (${missing})`);
      continue;
    }
    it(`is read whole by Python’s ${version}`, async () => {
      const script = join(import.meta.dirname, 'stream-readers.py');
      const { stdout } = await run(program, [script, name, url()]);
      expect(JSON.parse(stdout)).toEqual(EXPECTED);
    });
  }

  if (hasCurl) {
    it('is read whole by curl', async () => {
      const options = ['-sSN', '-H', 'content-type: application/json', '-d', BODY, url()];
      const { stdout } = await run('curl', options, { maxBuffer: 10_000_000 });
      expect(assemble(stdout.split('\n'))).toEqual(EXPECTED);
    });
  } else it.todo('is read whole by curl (curl is not installed)');

  it('is read whole by a page without an origin in Chromium, as desktop programs have', async () => {
    await using browser = await chromium.launch({
      executablePath: findChromium(undefined),
      args: ['--no-sandbox'],
    });
    const page = await browser.newPage();
    const received = await page.evaluate(
      async ([address, body]) => {
        const response = await fetch(address, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' },
        });
        return response.text();
      },
      [url(), BODY] as const,
    );
    expect(assemble(received.split('\n'))).toEqual(EXPECTED);
  });
});
