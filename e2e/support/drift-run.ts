import { connectRedis, type RedisConnection } from '@aistudio/core';

import { forgetCooldowns } from './cooldowns.ts';
import { DRIFT_CHECKS, type Verdict } from './drift-checks.ts';
import { startRedis } from './redis-server.ts';
import { Simulator } from './simulator.ts';
import { type Stack, startStack } from './stack.ts';

/** One check under one seed. */
export interface DriftResult extends Verdict {
  readonly seed: number;
  readonly check: string;
  /** Kinds of change that the seed makes. */
  readonly kinds: readonly string[];
  readonly seconds: number;
}

/** A running system whose page drifts from seed to seed. */
export interface DriftStack extends AsyncDisposable {
  /** Makes every check under a seed, or those with these names. */
  run(seed: number, only?: readonly string[]): Promise<DriftResult[]>;
  /** What the page changed under the seed that is on, as text for people. */
  changes(): Promise<readonly string[]>;
  /** What the processes have logged since the last call. */
  log(): string;
}

/**
 * How long a page in recovery may take before the next check is made all the same, ms; and how long
 * when it was not ready for the check before either.
 */
const READY_MS = 20_000;
const STILL_NOT_READY_MS = 1000;
const LOOK_MS = 100;

/** Starts a system of its own: Redis, simulator, browser and all. */
export async function startDriftStack(): Promise<DriftStack> {
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    const last = opened.pop();
    if (!last) return;
    try {
      await last[Symbol.asyncDispose]();
    } finally {
      await close();
    }
  };
  const keep = <T extends AsyncDisposable>(each: T): T => {
    opened.push(each);
    return each;
  };
  try {
    const server = keep(await startRedis());
    const redis = keep(await connectRedis(server.url));
    const stack = keep(await startStack({ env: environment(server.url) }));
    return driftStack(redis, stack, close);
  } catch (error) {
    await close();
    throw error;
  }
}

const environment = (redisUrl: string): Record<string, string> => ({
  REDIS_URL: redisUrl,
  LOG_LEVEL: 'info',
  FIRST_TOKEN_TIMEOUT_MS: '6000',
  SILENCE_TIMEOUT_MS: '4000',
  RESPONSE_COMPLETION_TIMEOUT: '60000',
  QUEUE_TIMEOUT: '20000',
});

function driftStack(redis: RedisConnection, stack: Stack, close: () => Promise<void>): DriftStack {
  const simulator = new Simulator(stack.controlUrl);
  const place = {
    baseUrl: stack.baseUrl,
    simulator,
    forgetQuota: () => forgetCooldowns(redis),
  };
  let logged = 0;
  return {
    log() {
      const all = stack.logs();
      const fresh = all.slice(logged);
      logged = all.length;
      return fresh;
    },
    async run(seed, only = []) {
      await simulator.setFaults({ variant: seed % 4 === 0 ? 'u2' : 'u3', drift: seed, seed });
      await simulator.reload();
      const { kinds } = await simulator.drift();
      const results: DriftResult[] = [];
      let isReady = true;
      for (const { name, run } of DRIFT_CHECKS) {
        if (only.length > 0 && !only.includes(name)) continue;
        isReady = await untilReady(stack.baseUrl, isReady ? READY_MS : STILL_NOT_READY_MS);
        await simulator.clearLog();
        const begun = performance.now();
        const verdict = await run(place, `s${seed}c${results.length}`);
        const seconds = (performance.now() - begun) / 1000;
        results.push({ seed, check: name, kinds: Object.keys(kinds), seconds, ...verdict });
      }
      return results;
    },
    changes: async () => (await simulator.drift()).changes,
    [Symbol.asyncDispose]: close,
  };
}

/** Waits for the API to say that it is ready; a page that never is so is for the check to judge. */
async function untilReady(baseUrl: string, ms: number): Promise<boolean> {
  const giveUpAt = Date.now() + ms;
  while (Date.now() < giveUpAt) {
    const response = await fetch(new URL('/health', baseUrl));
    await response.arrayBuffer();
    if (response.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}
