import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { pipeline, Transform } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import { type Bench, now } from './figure.ts';

/** The model that is asked where it does not matter. */
export const MODEL = 'gemini-2.5-flash';

/** A prompt that the simulator answers so (packages/studio-sim/README.md). */
export const sim = (answer: Record<string, unknown>): string => `@sim ${JSON.stringify(answer)}`;

/** A chat of one message. */
export const chatOf = (content: string, fields: object = {}): object => ({
  model: MODEL,
  messages: [{ role: 'user', content }],
  ...fields,
});

/** Posts a chat; whatever the answer is. */
export const post = (bench: Pick<Bench, 'stack'>, body: object): Promise<Response> =>
  fetch(`${bench.stack.baseUrl}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

/** Asks for an answer in one piece and gives its phases, ms by name. Throws unless it succeeds. */
export async function phasesOf(bench: Bench, body: object): Promise<Record<string, number>> {
  const response = await post(bench, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  const timing = response.headers.get('server-timing') ?? '';
  return Object.fromEntries(
    timing.split(', ').map((entry) => {
      const [name = '', ms] = entry.split(';dur=');
      return [name, Number(ms)];
    }),
  );
}

/**
 * Asks for a streamed answer with nothing between its bytes and us: a `fetch` takes a good part of a
 * millisecond to hand each piece out, which would be measured with them.
 */
export async function openStream(
  { stack }: { readonly stack: Pick<Bench['stack'], 'baseUrl'> },
  body: object,
): Promise<IncomingMessage> {
  const request = http.request(`${stack.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  request.end(JSON.stringify({ ...body, stream: true }));
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (response?.statusCode !== 200) throw new Error(`status ${response?.statusCode}`);
  return response;
}

/** Text of an answer that has come. */
export interface Arrival {
  /** Epoch ms. */
  readonly at: number;
  /** As it stands in JSON: what need not be escaped is what it is. */
  readonly text: string;
}

/**
 * The texts of a streamed answer as they come. Each is stamped as the socket hands it out, not when
 * whoever iterates gets round to it.
 */
export async function* arrivals(response: IncomingMessage): AsyncGenerator<Arrival> {
  const stamp = new Transform({
    readableObjectMode: true,
    transform(bytes: Buffer, _encoding, done) {
      done(null, { at: now(), text: bytes.toString('latin1') }); // borders and keys are ASCII
    },
  });
  pipeline(response, stamp, () => undefined); // what breaks off ends the iteration
  let rest = '';
  for await (const { at, text } of stamp as AsyncIterable<Stamped>) {
    const frames = (rest + text).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const content = /"content":"([^"]+)"/.exec(frame)?.[1];
      if (content !== undefined) yield { at, text: content };
    }
  }
}

/** A piece of a body and when it came, epoch ms. */
interface Stamped {
  readonly at: number;
  readonly text: string;
}

/** Resolves when a page is ready for the next prompt. */
export async function untilWarm({ stack }: Pick<Bench, 'stack'>): Promise<void> {
  const health = stack.baseUrl.replace(/\/v1$/, '/health');
  for (;;) {
    const body = await (await fetch(health)).text();
    if (body.includes('"state":"ready"')) return;
    await delay(10);
  }
}
