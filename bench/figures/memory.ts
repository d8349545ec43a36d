import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { chatOf, post, sim } from '../chat.ts';
import { type Bench, type Figure, repeat } from '../figure.ts';

const STREAMS = 1000;

/** What the API holds after a thousand ordinary streams. */
export const apiMemory: Figure = {
  name: `memory of api after ${STREAMS} streams`,
  unit: 'MB',
  targets: [[1, 150]],
  floorName: 'a Node process that does nothing',
  async measure(bench) {
    await streamMany(bench);
    return { samples: [residentMb(bench.stack.pidOf('api'))], floor: [await bareNodeMb()] };
  },
};

/** What the stream proxy holds after them; measured behind {@link apiMemory}. */
export const proxyMemory: Figure = {
  ...apiMemory,
  name: `memory of stream-proxy after ${STREAMS} streams`,
  measure: async ({ stack }) => ({
    samples: [residentMb(stack.pidOf('stream-proxy'))],
    floor: [await bareNodeMb()],
  }),
};

async function streamMany(bench: Bench): Promise<void> {
  const body = chatOf(sim({ text: 'An ordinary answer. '.repeat(100), chunks: 40 }), {
    stream: true,
  });
  await repeat(STREAMS, bench, async () => {
    const response = await post(bench, body);
    const text = await response.text();
    if (!text.includes('[DONE]')) throw new Error(`${response.status}: ${text}`);
  });
}

/** The process's resident set. Linux only: NaN elsewhere. */
function residentMb(pid: number | undefined): number {
  if (process.platform !== 'linux' || pid === undefined) return Number.NaN;
  const kB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kB) / 1024;
}

async function bareNodeMb(): Promise<number> {
  const idle = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log()']);
  await once(idle.stdout, 'data');
  const mb = residentMb(idle.pid);
  idle.kill();
  await once(idle, 'exit');
  return mb;
}
