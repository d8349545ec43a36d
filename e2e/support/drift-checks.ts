import { z } from 'zod';

import { ask, sim } from './asking.ts';
import { type Simulator } from './simulator.ts';

/**
 * How a check may end. `answered` and `warned` (answered, and `x-aistudio-warnings` says what was
 * done otherwise) are right; so is `named`, an error that names the step of the page at fault. The
 * rest never is: `vague` (an error that names nothing), `wrong` (another answer), `lost` (a setting
 * or text missing from the request without a word), `twice` (a second request to the model).
 */
export const VERDICTS = ['answered', 'warned', 'named', 'vague', 'wrong', 'lost', 'twice'] as const;
export type VerdictName = (typeof VERDICTS)[number];

/** How one check ended. */
export interface Verdict {
  readonly verdict: VerdictName;
  /** For people: what was wrong, or what the error said. */
  readonly detail: string;
}

/** Where a check is made. */
export interface CheckPlace {
  readonly baseUrl: string;
  readonly simulator: Simulator;
  /** Forgets that a model's quota is used up. */
  readonly forgetQuota: (model: string) => Promise<void>;
}

/** One thing a client does, judged by its answer and by what arrived at the simulator. */
export interface DriftCheck {
  readonly name: string;
  /** `unique` is a text that no other check has. */
  readonly run: (place: CheckPlace, unique: string) => Promise<Verdict>;
}

const Reply = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          tool_calls: z
            .array(z.object({ function: z.object({ name: z.string(), arguments: z.string() }) }))
            .nullish(),
        }),
      }),
    )
    .optional(),
  error: z.object({ code: z.string().nullable(), message: z.string() }).optional(),
});
type Message = NonNullable<z.infer<typeof Reply>['choices']>[number]['message'];

/** A request, the answer it must get, and what must have arrived, each with a name. */
interface Plan {
  readonly body: Readonly<Record<string, unknown>>;
  readonly isRight: (message: Message) => boolean;
  readonly arrived?: Readonly<Record<string, (request: readonly unknown[]) => boolean>>;
}

const FLASH = 'gemini-2.5-flash';
const QUOTA_MODEL = 'gemini-2.0-flash';
/** A step of the page is named in quotation marks. */
const NAMED = /failed at "[^"]+"/;
const CANCELLED_WITHIN_MS = 10_000;
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const user = (content: unknown): object => ({ role: 'user', content });
const says = (text: string) => (message: Message) => message.content?.trim() === text;
const holds = (position: number, text: string) => (request: readonly unknown[]) =>
  JSON.stringify(request[position] ?? null).includes(text);
const config =
  (index: number, value: unknown) =>
  (request: readonly unknown[]): boolean =>
    JSON.stringify(at(request, 3, index)) === JSON.stringify(value);

function at(value: unknown, ...path: number[]): unknown {
  return path.reduce<unknown>(
    (inner, index) => (Array.isArray(inner) ? inner[index] : undefined),
    value,
  );
}

const plans: Readonly<Record<string, (unique: string) => Plan>> = {
  'plain prompt': (unique) => ({
    body: { messages: [user(`echo: ${unique}`)] },
    isRight: says(unique),
    arrived: { prompt: holds(1, unique) },
  }),
  'system instruction': (unique) => ({
    body: {
      messages: [{ role: 'system', content: `Obey ${unique}.` }, user(`echo: ${unique}`)],
    },
    isRight: says(unique),
    arrived: {
      'system instruction': (request) => JSON.stringify(request).includes(`Obey ${unique}.`),
    },
  }),
  transcript: (unique) => ({
    body: {
      messages: [
        user(`first of ${unique}`),
        { role: 'assistant', content: `reply of ${unique}` },
        user(`echo: last of ${unique}`),
      ],
    },
    isRight: says(`last of ${unique}`),
    arrived: { first: holds(1, `first of ${unique}`), reply: holds(1, `reply of ${unique}`) },
  }),
  'model choice': (unique) => ({
    body: { model: 'gemini-2.5-pro', messages: [user(`echo: ${unique}`)] },
    isRight: says(unique),
    arrived: { model: (request) => request[0] === 'models/gemini-2.5-pro' },
  }),
  sampling: (unique) => ({
    body: {
      temperature: 0.35,
      top_p: 0.55,
      max_tokens: 777,
      messages: [user(`echo: ${unique}`)],
    },
    isRight: says(unique),
    arrived: { temperature: config(4, 0.35), top_p: config(5, 0.55), max_tokens: config(3, 777) },
  }),
  thinking: (unique) => ({
    body: { reasoning_effort: 'low', messages: [user(`echo: ${unique}`)] },
    isRight: says(unique),
    arrived: { budget: (request) => at(request, 3, 16, 1) === 1024 },
  }),
  'stop sequence': (unique) => ({
    body: { stop: [`END${unique}`], messages: [user(`echo: ${unique}`)] },
    isRight: says(unique),
    arrived: { stop: config(1, [`END${unique}`]) },
  }),
  functions: (unique) => ({
    body: {
      messages: [
        user(sim({ toolCalls: [{ name: 'get_weather', args: { city: `City ${unique}` } }] })),
      ],
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'Current weather',
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
          },
        },
      ],
    },
    isRight: ({ tool_calls: calls }) =>
      calls?.length === 1 &&
      calls[0]?.function.name === 'get_weather' &&
      calls[0].function.arguments.includes(`City ${unique}`),
    arrived: { declaration: (request) => at(request, 6, 0, 1, 0, 0) === 'get_weather' },
  }),
  'structured output': (unique) => ({
    body: {
      messages: [user(`echo: {"answer":"${unique}"}`)],
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'answer',
          schema: {
            type: 'object',
            properties: { answer: { type: 'string' } },
            required: ['answer'],
          },
        },
      },
    },
    isRight: ({ content }) => content?.includes(`"${unique}"`) ?? false,
    arrived: { schema: (request) => at(request, 3, 8) !== null && at(request, 3, 8) !== undefined },
  }),
  image: (unique) => ({
    body: {
      messages: [
        user([
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
          { type: 'text', text: `echo: ${unique}` },
        ]),
      ],
    },
    isRight: says(unique),
    arrived: {
      image: (request) =>
        JSON.stringify(request[1]).includes('sim-') || holds(1, PNG.slice(0, 40))(request),
    },
  }),
};

/** The twelve checks, in the order in which they are made. */
export const DRIFT_CHECKS: readonly DriftCheck[] = [
  ...Object.entries(plans).map(([name, plan]) => ({
    name,
    run: async (place: CheckPlace, unique: string) => runPlan(place, plan(unique)),
  })),
  { name: 'cancel', run: cancelInTheMiddle },
  { name: 'quota', run: quotaUsedUp },
];

async function runPlan(place: CheckPlace, plan: Plan): Promise<Verdict> {
  const { baseUrl, simulator } = place;
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: FLASH, ...plan.body }),
  });
  const reply = Reply.parse(await response.json());
  const requests = await simulator.generateContent();
  if (requests.length > 1) return { verdict: 'twice', detail: `${requests.length} requests` };
  if (reply.error) return failed(place, reply.error.code, reply.error.message);
  const message = reply.choices?.[0]?.message;
  if (!message || !plan.isRight(message))
    return { verdict: 'wrong', detail: JSON.stringify(message) };
  const missing = Object.entries(plan.arrived ?? {}).filter(([, has]) => !has(requests[0] ?? []));
  if (missing.length === 0) return { verdict: 'answered', detail: '' };
  const names = missing.map(([name]) => name).join(', ');
  const warnings = response.headers.get('x-aistudio-warnings');
  return warnings === null
    ? { verdict: 'lost', detail: `${names} did not arrive` }
    : { verdict: 'warned', detail: `${names}: ${warnings}` };
}

/** An error names its step by itself, or says that `GET /health` does. */
async function failed(
  { baseUrl }: CheckPlace,
  code: string | null | undefined,
  message: string,
): Promise<Verdict> {
  const health = message.includes('/health') ? await healthOf(baseUrl) : '';
  const detail = `${code}: ${message}${health}`;
  return { verdict: NAMED.test(detail) ? 'named' : 'vague', detail };
}

async function healthOf(baseUrl: string): Promise<string> {
  const response = await fetch(new URL('/health', baseUrl));
  return ` ${(await response.text()).replaceAll('\\"', '"')}`;
}

/** The client goes away in the middle of an answer; the page must stop it. */
async function cancelInTheMiddle(place: CheckPlace, unique: string): Promise<Verdict> {
  const { baseUrl, simulator } = place;
  const client = new AbortController();
  const text = `${unique} `.repeat(40);
  const outcome = await ask(baseUrl, sim({ text, chunks: 40, delayMs: 500 }), {
    signal: client.signal,
    onPiece: () => client.abort(),
  });
  const requests = await simulator.generateContent();
  if (requests.length > 1) return { verdict: 'twice', detail: `${requests.length} requests` };
  if (outcome.failure !== 'went away') return failed(place, outcome.failure, outcome.reason ?? '');
  if (!text.startsWith(outcome.text)) return { verdict: 'wrong', detail: outcome.text };
  const isStopped = await simulator.lastEndsWithin(CANCELLED_WITHIN_MS);
  return isStopped
    ? { verdict: 'answered', detail: '' }
    : { verdict: 'lost', detail: 'the page went on generating after the client had gone' };
}

/** The account has nothing left for the model: the client must be told that, and nothing else. */
async function quotaUsedUp(place: CheckPlace, unique: string): Promise<Verdict> {
  const { baseUrl, simulator, forgetQuota } = place;
  await simulator.setFaults({ 'rate-limit': 1 });
  const { failure, reason, text } = await ask(baseUrl, `echo: ${unique}`, { model: QUOTA_MODEL });
  await simulator.setFaults({ 'rate-limit': false });
  await forgetQuota(QUOTA_MODEL);
  const requests = await simulator.generateContent();
  if (requests.length > 1) return { verdict: 'twice', detail: `${requests.length} requests` };
  if (failure === 'rate_limit_exceeded') return { verdict: 'answered', detail: '' };
  if (failure === undefined) return { verdict: 'wrong', detail: text };
  return failed(place, failure, reason ?? '');
}
