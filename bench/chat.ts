import { setTimeout as delay } from 'node:timers/promises';

import { type Bench, now } from './figure.ts';

/** The model that is asked where it does not matter. */
export const MODEL = 'gemini-2.5-flash';

/** A prompt that the simulator answers so (architecture §6). */
export const sim = (answer: Record<string, unknown>): string => `@sim ${JSON.stringify(answer)}`;

/** A chat of one message. */
export const chatOf = (content: string, fields: object = {}): object => ({
  model: MODEL,
  messages: [{ role: 'user', content }],
  ...fields,
});

/** Posts a chat; whatever the answer is. */
export const post = (bench: Bench, body: object, signal?: AbortSignal): Promise<Response> =>
  fetch(`${bench.stack.baseUrl}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    signal: signal ?? null,
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

/** The arrival times (epoch ms) of the pieces of a streamed answer that hold text. */
export async function* arrivals(response: Response): AsyncGenerator<number> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of response.body ?? []) {
    const at = now();
    const frames = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) if (/"content":"[^"]/.test(frame)) yield at;
  }
}

/** Resolves when a page is ready for the next prompt. */
export async function untilWarm({ stack }: Bench): Promise<void> {
  const health = stack.baseUrl.replace(/\/v1$/, '/health');
  for (;;) {
    const body = await (await fetch(health)).text();
    if (body.includes('"state":"ready"')) return;
    await delay(10);
  }
}
