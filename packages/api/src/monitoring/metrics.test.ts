import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type JobEvent, type Log, StudioError, toErrorRecord } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import {
  chatBody,
  fakeHealth,
  fakeModels,
  hello,
  postChat,
  startServer,
  until,
} from '../testing/test-server.ts';
import { createMetrics } from './metrics.ts';

/** The fake job's phases, as histograms call them. */
const PHASES = { queue: 0.0015, fill: 0.02 };

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A server that keeps its log, and reads its own metrics. */
async function startCounting(...how: Parameters<typeof startServer>) {
  const lines: Line[] = [];
  const keeping = {
    child: () => keeping,
    error: () => undefined,
    warn: () => undefined,
    info: () => undefined,
    log: (level: string, message: string, fields: Line['fields']) =>
      lines.push({ level, message, fields }),
  };
  const log = keeping as unknown as Log; // all that the server calls
  const [events, overrides] = how;
  const server = await startServer(events, { log, ...overrides });
  let asked = 0;
  return {
    ...server,
    lines,
    /** The series of our own once `count` requests are over, by name and labels; no buckets. */
    async series(count: number): Promise<Record<string, number>> {
      asked += 1; // the page's own request is one that is over too, but it is not in it
      await until(() => lines.length >= count + asked - 1);
      const page = await (await fetch(`${server.url}/metrics`)).text();
      const found = page.matchAll(/^(aistudio_\S+) (\S+)$/gm);
      return Object.fromEntries(
        Array.from(found, ([, series = '', value]): [string, number] => [
          series,
          Number(value),
        ]).filter(([series]) => !series.includes('_bucket') && !series.includes('/metrics')),
      );
    },
  };
}

const requests = (outcome: string, labels: object = {}): string => {
  const all = {
    route: '/v1/chat/completions',
    model: 'gemini-2.5-flash',
    tier: 'stream-proxy',
    outcome,
  };
  const { route, model, tier } = { ...all, ...labels };
  return `aistudio_requests_total{route="${route}",model="${model}",tier="${tier}",outcome="${outcome}"}`;
};

describe('GET /metrics', () => {
  it.each([false, true])(
    'counts an answer with its phases and tokens (streamed: %s)',
    async (stream) => {
      await using server = await startCounting();
      await (await postChat(server.url, chatBody({ stream }))).text();
      const series = await server.series(1);

      expect(series[requests('ok')]).toBe(1);
      expect(series).toMatchObject({
        'aistudio_tokens_total{kind="prompt",model="gemini-2.5-flash"}': 3,
        'aistudio_tokens_total{kind="completion",model="gemini-2.5-flash"}': 2,
        'aistudio_tokens_total{kind="reasoning",model="gemini-2.5-flash"}': 4,
        'aistudio_phase_seconds_sum{phase="queue",tier="stream-proxy"}': PHASES.queue,
        'aistudio_phase_seconds_sum{phase="fill",tier="stream-proxy"}': PHASES.fill,
        'aistudio_phase_seconds_count{phase="total",tier="stream-proxy"}': 1,
        'aistudio_time_to_first_token_seconds_count{model="gemini-2.5-flash",tier="stream-proxy"}': 1,
      });
    },
  );

  it.each([false, true])(
    'counts a failure by its code, with its phases (streamed: %s)',
    async (stream) => {
      const error = toErrorRecord(new StudioError('upstream_interrupted', 'It broke off.'));
      await using server = await startCounting([...hello.slice(0, 2), { type: 'error', error }]);
      await (await postChat(server.url, chatBody({ stream }))).text();
      const series = await server.series(1);
      expect(series[requests('upstream_interrupted')]).toBe(1);
      expect(series['aistudio_phase_seconds_sum{phase="fill",tier="stream-proxy"}']).toBe(
        PHASES.fill,
      );
      expect(series['aistudio_phase_seconds_count{phase="total",tier="stream-proxy"}']).toBe(1);
    },
  );

  it('counts a client that leaves', async () => {
    await using server = await startCounting(async function* ({ signal }) {
      yield* hello.slice(0, 2);
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    const leaving = new AbortController();
    await postChat(server.url, chatBody({ stream: true }), {}, leaving.signal);
    leaving.abort();
    expect((await server.series(1))[requests('client_closed')]).toBe(1);
  });

  it('counts each fallback, and the answer for the tier that gave it', async () => {
    const change: JobEvent = {
      type: 'tier_changed',
      from: 'stream-proxy',
      to: 'dom',
      takeover: 'resume',
      reason: 'a shape we do not know',
    };
    await using server = await startCounting([...hello.slice(0, 2), change, ...hello.slice(2)]);
    await (await postChat(server.url, chatBody())).text();
    const series = await server.series(1);
    expect(series[requests('ok', { tier: 'dom' })]).toBe(1);
    expect(series['aistudio_fallbacks_total{from="stream-proxy",to="dom",takeover="resume"}']).toBe(
      1,
    );
  });

  it('has few series whatever clients send', async () => {
    const error = { ...toErrorRecord(new StudioError('upstream_error', 'No.')), code: 'odd' };
    await using server = await startCounting([{ type: 'error', error }]);
    const { url } = server;
    for (const path of ['/a', '/b', '/v1/c', '/v1/models/x', '/v1/models/y', '/v1/cancel/z']) {
      await (await fetch(`${url}${path}`)).text();
    }
    for (const model of ['m1', 'm2', 'gemini-2.5-flash']) {
      await (await postChat(url, chatBody({ model }))).text();
    }
    await (await postChat(url, 'no JSON')).text();
    const counted = Object.entries(await server.series(10)).filter(([name]) =>
      name.startsWith('aistudio_requests_total'),
    );
    const nobody = { model: 'none', tier: 'none' };
    expect(Object.fromEntries(counted)).toEqual({
      [requests('unknown_url', { route: 'none', ...nobody })]: 3,
      [requests('model_not_found', { route: '/v1/models/*id', ...nobody })]: 2,
      [requests('method_not_allowed', { route: '/v1/cancel/:id', ...nobody })]: 1,
      [requests('model_not_found', nobody)]: 2,
      [requests('other', { tier: 'none' })]: 1,
      [requests('invalid_json', nobody)]: 1,
    });
  });

  it('shows the system as it is now, and forgets what was', async () => {
    let health = fakeHealth;
    let load: object | undefined = {
      prompts: { queued: 4, running: 1 },
      cooldowns: [{ model: fakeModels[0]?.id ?? '', seconds: 12.5 }],
      eventLoops: [{ process: 'browser-driver', instance: 'one', meanMs: 2, maxMs: 75 }],
    };
    await using server = await startCounting(hello, {
      readHealth: () => Promise.resolve(health),
      readLoad: () => Promise.resolve(load as never),
    });
    const before = {
      'aistudio_part_ready{part="redis"}': 1,
      'aistudio_part_ready{part="browser-driver"}': 1,
      'aistudio_part_ready{part="models"}': 1,
      'aistudio_tier_usable{tier="stream-proxy"}': 1,
      'aistudio_tier_usable{tier="helper"}': 0,
      'aistudio_tier_usable{tier="dom"}': 1,
      'aistudio_slots{instance="one",state="busy"}': 1,
      aistudio_models: 3,
      'aistudio_prompts{state="queued"}': 4,
      'aistudio_prompts{state="running"}': 1,
      'aistudio_model_cooldown_seconds{model="gemini-2.5-flash"}': 12.5,
      'aistudio_event_loop_delay_seconds{process="browser-driver",instance="one",of="mean"}': 0.002,
      'aistudio_event_loop_delay_seconds{process="browser-driver",instance="one",of="max"}': 0.075,
    };
    expect(await server.series(0)).toEqual(before);

    const down = { ready: false, instances: [] };
    const parts = {
      redis: { ready: false },
      'browser-driver': down,
      models: { ready: false, count: 0 },
    };
    health = { ...fakeHealth, status: 'unavailable', ready: false, parts, tiers: [] };
    load = undefined;
    expect(await server.series(0)).toEqual({
      'aistudio_part_ready{part="redis"}': 0,
      'aistudio_part_ready{part="browser-driver"}': 0,
      'aistudio_part_ready{part="models"}': 0,
      'aistudio_tier_usable{tier="stream-proxy"}': 0,
      'aistudio_tier_usable{tier="helper"}': 0,
      'aistudio_tier_usable{tier="dom"}': 0,
      aistudio_models: 0,
    });
  });
});

describe('the log line', () => {
  it('says what became of a prompt, and nothing that was said', async () => {
    await using server = await startCounting();
    const messages = [{ role: 'user', content: 'a secret question' }];
    const response = await postChat(server.url, chatBody({ messages, stream: true }));
    await response.text();
    await until(() => server.lines.length === 1);
    const [{ level, message, fields } = { level: '', message: '', fields: {} }] = server.lines;
    expect({ level, message }).toEqual({ level: 'info', message: 'request over' });
    expect(fields).toMatchObject({
      path: '/v1/chat/completions',
      status: 200,
      outcome: 'ok',
      model: 'gemini-2.5-flash',
      tier: 'stream-proxy',
      phases: { queue: 1.5, fill: 20, total: expect.any(Number) },
      firstTokenMs: expect.any(Number),
      usage: { promptTokens: 3, completionTokens: 2, reasoningTokens: 4, exact: true },
      finish: 'stop',
    });
    expect(JSON.stringify(server.lines)).not.toMatch(/secret question|Hello/);
  });

  it('says nothing of an answer that breaks its form, nor of what a service says', async () => {
    const warnings: unknown[] = [];
    const warn = (message: string, fields: object): void => void warnings.push({ message, fields });
    const quiet = (): void => undefined;
    const log = { child: () => log, warn, log: quiet, info: quiet, error: quiet } as unknown as Log;
    const format = {
      type: 'json_schema',
      json_schema: { name: 'form', schema: { type: 'object', additionalProperties: false } },
    };
    const told = new StudioError('upstream_error', 'It says: secret words.', {
      logged: 'It fails.',
    });
    for (const event of [
      { type: 'text', text: '{"secret words":1}' } as const,
      { type: 'error', error: toErrorRecord(told) } as const,
    ]) {
      const events = [event, { type: 'finish', reason: 'stop' } as const];
      await using server = await startServer(events, { log });
      const response = await postChat(server.url, chatBody({ response_format: format }));
      expect(response.status).toBe(502);
      expect(await response.text()).toContain('secret');
    }
    expect(warnings).toHaveLength(2);
    expect(JSON.stringify(warnings)).not.toContain('secret');
  });

  it('is written without phases when Redis does not tell them, and says why it was refused', async () => {
    await using server = await startCounting(hello, {
      ask: () => Promise.reject(new StudioError('queue_full', 'Full.')),
    });
    const response = await postChat(server.url, chatBody());
    expect(response.headers.get('server-timing')).toMatch(/^total;dur=\d+$/);
    await until(() => server.lines.length === 1);
    const { outcome, model, phases } = server.lines[0]?.fields ?? {};
    expect({ outcome, model, phases }).toEqual({
      outcome: 'queue_full',
      model: 'gemini-2.5-flash',
      phases: { total: expect.any(Number) },
    });
  });
});

describe('docs/reference/metrics.md', () => {
  it('lists every metric of ours with its type and labels, and no other', async () => {
    const page = readFileSync(
      join(import.meta.dirname, '../../../../docs/reference/metrics.md'),
      'utf8',
    );
    const documented = Array.from(
      page.matchAll(/^\| `(aistudio_\w+)` +\| (\w+) +\| ([^|]*?) *\| [^|]+ \|$/gm),
      ([, name, type, labels = '']) => ({ name, type, labels: labels.replaceAll('`', '') }),
    );
    const { registry } = createMetrics();
    const known = (await registry.getMetricsAsJSON()).flatMap(({ name, type }) => {
      const metric = registry.getSingleMetric(name) as unknown as { labelNames: string[] }; // untyped
      const labels = metric.labelNames.filter((label) => label !== 'le').join(', ');
      return name.startsWith('aistudio_') ? [{ name, type: String(type), labels }] : [];
    });
    expect(documented).toEqual(known);
  });
});
