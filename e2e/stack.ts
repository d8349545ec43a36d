import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The whole system against the simulator, started as the README's `demo --serve` starts it. */
export interface Stack extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/v1` */
  readonly baseUrl: string;
  /** The simulator's control port. */
  readonly controlUrl: string;
  readonly ports: { readonly api: number; readonly proxy: number; readonly control: number };
  /** Process id of the launcher. */
  readonly pid: number;
  /** Everything the processes logged so far. */
  logs(): string;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const DEMO = ['--conditions=source', '--import', 'tsx', 'packages/launcher/src/demo.ts'];
/** A stack that is not stopped by then is broken, ms. */
const STOP_MS = 20_000;

/** Starts it on free ports, with these variables on top. Throws with its log when it does not come up. */
export async function startStack(
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Stack> {
  const [api, proxy, control] = await freePorts();
  const child = spawn(process.execPath, [...DEMO, '--serve'], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(api),
      STREAM_PORT: String(proxy),
      SIM_CONTROL_PORT: String(control),
      LOG_LEVEL: 'debug',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let logs = '';
  child.stderr.on('data', (chunk: Buffer) => {
    logs += chunk.toString();
  });
  try {
    await untilReady(child);
  } catch (cause) {
    throw new Error(`the stack did not start:\n${logs.slice(-4000)}`, { cause });
  }
  return {
    baseUrl: `http://127.0.0.1:${api}/v1`,
    controlUrl: `http://127.0.0.1:${control}`,
    ports: { api, proxy, control },
    pid: child.pid ?? 0,
    logs: () => logs,
    [Symbol.asyncDispose]: () => stop(child),
  };
}

async function untilReady(child: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('ready http')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit', { signal: AbortSignal.timeout(STOP_MS) });
  child.kill('SIGTERM');
  await exited;
}

/** Three ports nobody listens on. */
async function freePorts(): Promise<[number, number, number]> {
  const servers = [createServer(), createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    ports.push(typeof address === 'object' && address ? address.port : 0);
  }
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return [ports[0] ?? 0, ports[1] ?? 0, ports[2] ?? 0];
}
