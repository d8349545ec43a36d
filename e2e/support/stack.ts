import { setTimeout as delay } from 'node:timers/promises';

import { type DemoCommand, runDemo } from './demo-command.ts';

/** A stack that is not stopped by then is broken, ms. */
const STOP_MS = 20_000;
/** How long what it started may take to be gone after it, ms. */
const LEAVE_MS = 3000;

/** The whole system against the simulator, started as the README's `demo --serve` starts it. */
export interface Stack extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/v1` */
  readonly baseUrl: string;
  /** The simulator's control port. */
  readonly controlUrl: string;
  readonly ports: { readonly api: number; readonly proxy: number; readonly control: number };
  /** The Redis it was given; undefined: it has one of its own. */
  readonly redisUrl: string | undefined;
  /** Process id of the launcher. */
  readonly pid: number;
  /** Process id of one of the launcher's processes, by its package's name, or of `chromium`, while it runs. */
  pidOf(name: string): number | undefined;
  /** Every process of it that runs, Chromium's own parts too. */
  processes(): readonly { readonly pid: number; readonly command: string }[];
  /** Everything the processes logged so far. */
  logs(): string;
}

/**
 * Starts it on free ports, with these variables on top. Throws with its log when it does not come
 * up. Disposing stops it, and throws when it leaves a process or a folder behind.
 */
export async function startStack(
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Stack> {
  const demo = await runDemo({ args: ['--serve'], env: { LOG_LEVEL: 'debug', ...options.env } });
  const ready = await demo.untilLine(/^ready /).catch(async (error: unknown) => {
    await demo[Symbol.asyncDispose]();
    throw error;
  });
  const { PORT, STREAM_PORT, SIM_CONTROL_PORT, REDIS_URL } = demo.env;
  return {
    baseUrl: ready.slice('ready '.length),
    controlUrl: `http://127.0.0.1:${SIM_CONTROL_PORT}`,
    ports: { api: Number(PORT), proxy: Number(STREAM_PORT), control: Number(SIM_CONTROL_PORT) },
    redisUrl: REDIS_URL,
    pid: demo.child.pid ?? 0,
    pidOf(name) {
      const main =
        name === 'chromium' ? '--remote-debugging-pipe' : `packages/${name}/dist/main.js`;
      const isIt = (command: string): boolean =>
        command.includes(main) && !command.includes('--type='); // a part of Chromium
      return demo.processes().find(({ command }) => isIt(command))?.pid;
    },
    processes: () => demo.processes(),
    logs: demo.stderr,
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => demo.child.kill('SIGKILL'), STOP_MS);
      demo.child.kill('SIGTERM');
      const code = await demo.untilEnded();
      clearTimeout(timer);
      try {
        const left = await leftOf(demo);
        if (code === 0 && left.length === 0) return;
        throw new Error(`the stack ended with ${code} and left ${JSON.stringify(left)}`);
      } finally {
        await demo[Symbol.asyncDispose]();
      }
    },
  };
}

/** What a demo that has ended leaves. Chromium's crash handler goes by itself, a moment after it. */
async function leftOf(demo: DemoCommand): Promise<unknown[]> {
  const giveUpAt = Date.now() + LEAVE_MS;
  for (;;) {
    const left = [...demo.processes(), ...(await demo.folders())];
    if (left.length === 0 || Date.now() > giveUpAt) return left;
    await delay(50);
  }
}
