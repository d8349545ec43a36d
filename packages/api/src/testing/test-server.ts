import { type Server } from 'node:http';

import { type ErrorRecord, type JobEvent, type ModelInfo } from '@aistudio/core';
import { silentLog } from '@aistudio/testing';

import { digestOf as digestOfFile } from '../files/decoded-file.ts';
import { type WholePlan } from '../files/remote-file.ts';
import { type WholeFile } from '../files/to-file.ts';
import { listen } from '../http/listen.ts';
import { BackgroundPrompts } from '../jobs/background/background-prompts.ts';
import { createDrain } from '../jobs/drain.ts';
import { type JobRequest } from '../jobs/submit-job.ts';
import { createKeyRing } from '../keys/key-ring.ts';
import { type KeyStore } from '../keys/key-store.ts';
import { digestOf, type StoredKey } from '../keys/stored-key.ts';
import { type Health } from '../monitoring/health.ts';
import { createMetrics, type Metrics } from '../monitoring/metrics.ts';
import { createServer, type ServerDeps } from '../server.ts';

const plainModel: ModelInfo = {
  id: 'gemini-2.5-flash',
  displayName: 'Gemini 2.5 Flash',
  inputTokenLimit: 1_048_576,
  outputTokenLimit: 65_536,
  temperature: 1,
  topP: 0.95,
  aliases: ['gemini-2.5-flash-preview-05-20'],
  methods: ['generateContent', 'countTokens'],
  capabilities: [1, 9, 10, 12, 13, 25, 35],
  thinking: { type: 'budget', min: 0, max: 24_576, canBeOff: true },
  paidOnly: false,
};

/** A model like the list's, with what the test cares about. */
export const fakeModel = (fields: Partial<ModelInfo> = {}): ModelInfo => ({
  ...plainModel,
  ...fields,
});

/** A file of a plan. */
export const wholeFile = (mimeType: string, name: string, bytes: Buffer): WholeFile => ({
  type: 'file',
  mimeType,
  name,
  bytes,
  digest: digestOfFile(bytes),
});

/** Three models of different families. */
export const fakeModels: readonly ModelInfo[] = [
  plainModel,
  fakeModel({
    id: 'gemini-3-pro-preview',
    displayName: 'Gemini 3 Pro Preview',
    aliases: [],
    thinking: { type: 'level', levels: ['low', 'high'], defaultLevel: 'high' },
  }),
  fakeModel({
    id: 'gemini-2.0-flash',
    displayName: 'Gemini 2.0 Flash',
    outputTokenLimit: 8192,
    aliases: ['gemini-2.0-flash-001'],
    thinking: { type: 'none' },
  }),
];

/** The shortest answer there is. */
export const hello: readonly JobEvent[] = [
  { type: 'started', tier: 'stream-proxy', model: 'gemini-2.5-flash' },
  { type: 'text', text: 'Hello' },
  { type: 'text', text: ' world' },
  {
    type: 'usage',
    promptTokens: 3,
    completionTokens: 2,
    reasoningTokens: 4,
    totalTokens: 9,
    exact: true,
  },
  { type: 'finish', reason: 'stop' },
];

/** What a server was asked, and with which plan. */
export type Asked = Omit<JobRequest, 'plan'> & { readonly plan: WholePlan };

/** A server under test. */
interface Running extends AsyncDisposable {
  readonly url: string;
  /** What it was asked so far. */
  readonly asked: Asked[];
  /** The failures that came too late for a status. */
  readonly storedFailure: ErrorRecord[];
  readonly http: Server;
  readonly served: Metrics['served'];
}

/** Every part is there, one page is busy. */
export const fakeHealth: Health = {
  status: 'ok',
  live: true,
  ready: true,
  parts: {
    redis: { ready: true },
    'browser-driver': {
      ready: true,
      instances: [
        {
          instance: 'one',
          ready: true,
          detail: { slots: [{ id: 'one-0', state: 'busy' }], tiers: ['stream-proxy', 'dom'] },
        },
      ],
    },
    models: { ready: true, count: 3 },
  },
  tiers: ['stream-proxy', 'dom'],
};

/** The admin key of the servers that tests start. */
export const ADMIN_KEY = 'sk-admin';

/** Keeps keys as long as the test runs. */
export function createMemoryStore(): KeyStore {
  const keys = new Map<string, StoredKey>();
  const uses = new Map<string, number>();
  let hasEverHad = false;
  return {
    read: () => Promise.resolve({ keys: [...keys.values()], hasEverHad }),
    async add(key) {
      hasEverHad = true;
      keys.set(key.id, key);
    },
    remove: (id) => Promise.resolve(keys.delete(id)),
    touch: (id) => uses.set(id, Date.now()),
    lastUses: () => Promise.resolve(uses),
  };
}

/** A running server around a fake `ask` that yields `events` and remembers what it was asked. */
export async function startServer(
  events: Iterable<JobEvent> | ((question: JobRequest) => AsyncIterable<JobEvent>) = hello,
  {
    apiKeys = [],
    endsWithinMs = 60_000,
    ...overrides
  }: Partial<ServerDeps> & {
    readonly apiKeys?: readonly string[];
    /** How long an answer may take, ms. */
    readonly endsWithinMs?: number;
  } = {},
): Promise<Running> {
  const asked: Asked[] = [];
  const storedFailure: ErrorRecord[] = [];
  const metrics = createMetrics();
  const keyStore = createMemoryStore();
  const server = createServer({
    async ask(question) {
      const plan = await question.plan();
      asked.push({ ...question, plan });
      return {
        id: question.id,
        acceptedAt: question.acceptedAt,
        endsBy: question.acceptedAt + endsWithinMs,
        plan,
        events: typeof events === 'function' ? events(question) : each(events),
        phases: () => Promise.resolve({ queue: 1.5, fill: 20 }),
        async keepFailure(failure) {
          storedFailure.push(failure);
        },
      };
    },
    listModels: () => Promise.resolve({ at: 1_700_000_000_500, models: [...fakeModels] }),
    listPrompts: () => Promise.resolve([]),
    keys: createKeyRing(keyStore, {
      configured: apiKeys,
      adminDigest: digestOf(ADMIN_KEY),
      isExposed: false,
    }),
    keyStore,
    background: new BackgroundPrompts({ delayMs: 0, phrases: [] }),
    takeRequest: () => Promise.resolve(undefined),
    cancel: () => Promise.resolve(true),
    drain: createDrain(silentLog),
    eventLoop: { during: () => ({ [Symbol.dispose]: () => undefined }) },
    readHealth: () => Promise.resolve(fakeHealth),
    download: () => Promise.reject(new Error('this test fetches nothing')),
    readLoad: () =>
      Promise.resolve({ prompts: { queued: 0, running: 1 }, cooldowns: [], eventLoops: [] }),
    metrics,
    installation: { version: '1.2.3', profile: 'alice', limits: { queued: 100 } },
    defaults: { temperature: undefined, topP: undefined, maxOutputTokens: undefined },
    isStrict: false,
    corsOrigins: [],
    allowedHosts: [],
    maxBodyBytes: 1_000_000,
    keepAlive: { everyMs: 10_000, style: 'comment', jsonAfterMs: 0 },
    mirrorsReasoning: false,
    repairsJson: false,
    log: silentLog,
    ...overrides,
  });
  const { url, ...listening } = await listen(server, '127.0.0.1', 0);
  return { url, asked, storedFailure, http: server, served: metrics.served, ...listening };
}

/** The items one by one, as a stream gives them. */
async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** The body of a request that asks for little. */
export const chatBody = (fields: object = {}): object => ({
  model: 'gemini-2.5-flash',
  messages: [{ role: 'user', content: 'Hi' }],
  ...fields,
});

/** Resolves as soon as `holds`, looking again after each turn of the event loop. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

/** Posts a chat as JSON unless `headers` say otherwise. */
export const postChat = (
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    body: typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
    signal: signal ?? null,
  });
