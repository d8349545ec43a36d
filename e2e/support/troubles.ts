import { setTimeout as delay } from 'node:timers/promises';

import { type Mortal, mortals, type MortalStack } from './mortal-stack.ts';

/** Something that goes wrong around the system, and passes. */
export interface Trouble {
  readonly name: string;
  /** Whether it may end a worker's attempt, after which another may press Run once more. */
  readonly endsAttempts: boolean;
  /** Makes it happen; resolves when it has passed. */
  readonly strike: (system: MortalStack) => Promise<void>;
}

/** How long a process is frozen, below and above every lease, ms. */
const FROZEN_MS = [3900, 8000] as const;
const REDIS_PAUSED_MS = 10_000;
const REDIS_FULL_MS = 3000;

const death = (name: Mortal): Trouble => ({
  name: `${name} killed`,
  endsAttempts: true,
  strike: (system) => system.kill(name).catch(ignoreAbsence),
});

/** Stops the processes whose command line holds this, for a time. */
const freeze = (name: string, command: string, ms: number): Trouble => ({
  name: `${name} frozen for ${ms} ms`,
  endsAttempts: true,
  async strike({ stack }) {
    const pids = stack
      .processes()
      .flatMap((each) => (each.command.includes(command) ? each.pid : []));
    for (const pid of pids) send(pid, 'SIGSTOP');
    await delay(ms);
    for (const pid of pids) send(pid, 'SIGCONT');
  },
});

/** Everything that {@link Trouble} may be. */
export const TROUBLES: readonly [Trouble, ...Trouble[]] = [
  death('chromium'),
  ...mortals.filter((name) => name !== 'chromium').map(death),
  freeze('driver', 'packages/browser-driver/dist/main.js', FROZEN_MS[0]),
  freeze('driver', 'packages/browser-driver/dist/main.js', FROZEN_MS[1]),
  freeze('browser', '--remote-debugging-pipe', FROZEN_MS[0]),
  freeze('page', '--type=renderer', FROZEN_MS[1]),
  {
    name: 'network service killed',
    endsAttempts: true,
    strike({ stack }) {
      for (const { pid, command } of stack.processes()) {
        if (command.includes('--utility-sub-type=network')) send(pid, 'SIGKILL');
      }
      return Promise.resolve();
    },
  },
  {
    name: 'api ended gracefully',
    endsAttempts: false,
    strike: (system) => system.kill('api', 'SIGTERM').catch(ignoreAbsence),
  },
  {
    name: 'redis paused',
    endsAttempts: true,
    async strike({ redis }) {
      await redis.client('PAUSE', REDIS_PAUSED_MS, 'ALL');
      await delay(REDIS_PAUSED_MS);
    },
  },
  {
    name: 'redis empty',
    endsAttempts: true,
    strike: async ({ redis }) => void (await redis.flushall()),
  },
  {
    name: 'redis full',
    endsAttempts: true,
    async strike({ redis }) {
      const [, before = '0'] = await redis.config('GET', 'maxmemory');
      await redis.config('SET', 'maxmemory', '1');
      await delay(REDIS_FULL_MS);
      await redis.config('SET', 'maxmemory', before);
    },
  },
];

/** A process that has just been replaced cannot be killed; the next trouble finds its successor. */
function ignoreAbsence(error: unknown): void {
  if (!(error instanceof Error) || !error.message.endsWith('does not run')) throw error;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended meanwhile
  }
}
