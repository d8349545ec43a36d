import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it, jest } from '@jest/globals';

import { type DemoCommand, runDemo } from '../support/demo-command.ts';
import { startStack } from '../support/stack.ts';

/**
 * Stands in for npx: starts the demo below a shell, by the pnpm that npx gives, and ends at a SIGTERM
 * without passing it on.
 */
const LIKE_NPX = `
  require('node:child_process').spawn('sh', ['-c', 'npx -y pnpm@12 "$@"', 'sh', 'demo', ...process.argv.slice(2)],
    { stdio: 'inherit' }); // npx`;

async function expectNothingLeft(demo: DemoCommand): Promise<void> {
  await demo.untilNoProcess();
  expect(await demo.folders()).toEqual([]);
  for (const name of ['PORT', 'STREAM_PORT', 'SIM_CONTROL_PORT']) {
    const server = createServer().listen(Number(demo.env[name]), '127.0.0.1');
    await once(server, 'listening'); // throws where somebody still listens
    await once(server.close(), 'close');
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}

jest.setTimeout(120_000); // a whole system each, on a machine that may be busy

describe('demo', () => {
  it('--once prints the answer as it comes, then its figures, and leaves nothing behind', async () => {
    await using demo = await runDemo({ args: ['--once'] });
    expect(await demo.untilEnded()).toBe(0);
    expect(demo.stdout()).toContain('same few paragraphs');
    expect(demo.stdout().trimEnd().split('\n').at(-1)).toMatch(
      /^tier stream-proxy · first token after \d+ ms · \d+ tokens in, \d+ out$/,
    );
    await expectNothingLeft(demo);
  });

  it('--serve prints one line, answers, and leaves nothing behind at a SIGTERM', async () => {
    await using demo = await runDemo({ args: ['--serve'] });
    const address = `http://127.0.0.1:${demo.env['PORT']}`;
    expect(await demo.untilLine(/./)).toBe(`ready ${address}/v1`);
    expect(await fetch(`${address}/health`)).toHaveProperty('status', 200);
    demo.child.kill('SIGTERM');
    expect(await demo.untilEnded()).toBe(0);
    await expectNothingLeft(demo);
  });

  it('without a flag answers, then says how to go on, and ends at Ctrl-C', async () => {
    await using demo = await runDemo();
    await demo.untilLine(/until you press Ctrl-C/);
    expect(demo.stdout()).toMatch(/first token after/);
    demo.child.kill('SIGINT');
    expect(await demo.untilEnded()).toBe(0);
    await expectNothingLeft(demo);
  });

  it('ends with the npx above it, which passes no signal on', async () => {
    await using demo = await runDemo({
      command: [process.execPath, '-e', LIKE_NPX, 'npx'],
      args: ['--serve'],
    });
    await demo.untilLine(/^ready /);
    demo.child.kill('SIGTERM');
    await expectNothingLeft(demo);
    expect(demo.child.signalCode).toBe('SIGTERM');
  });

  it('leaves no process behind even when it is killed', async () => {
    await using demo = await runDemo({ args: ['--serve'] });
    await demo.untilLine(/^ready /);
    demo.child.kill('SIGKILL');
    await demo.untilNoProcess();
    expect(demo.child.signalCode).toBe('SIGKILL');
  });

  it('gives up its start at once when told to stop', async () => {
    await using demo = await runDemo({ args: ['--serve'] });
    while (!demo.processes().some(({ command }) => command.includes('studio-sim'))) {
      await delay(20);
    }
    demo.child.kill('SIGTERM');
    expect(await demo.untilEnded()).toBe(1);
    await expectNothingLeft(demo);
  });

  it('says in one line which port is taken', async () => {
    await using server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    await using demo = await runDemo({ args: ['--once'], env: { STREAM_PORT: port } });
    expect(await demo.untilEnded()).toBe(1);
    expect(demo.stderr()).toMatch(new RegExp(`^Port ${port} is in use\\. .*STREAM_PORT=\\d+.*\n$`));
    expect(demo.stdout()).toBe('');
  });

  it('names a setting that makes no sense', async () => {
    await using demo = await runDemo({ args: ['--once'], env: { QUEUE_LIMIT: 'many' } });
    expect(await demo.untilEnded()).toBe(1);
    expect(demo.stderr()).toContain('QUEUE_LIMIT');
  });
});

describe('a running stack', () => {
  it('has a killed stream proxy back at once', async () => {
    await using stack = await startStack();
    const killed = stack.pidOf('stream-proxy');
    process.kill(killed ?? 0, 'SIGKILL');
    const late = AbortSignal.timeout(5000); // half a second, where the machine is not busy
    const isBack = async (): Promise<boolean> => {
      const pid = stack.pidOf('stream-proxy');
      return pid !== undefined && pid !== killed && isListening(stack.ports.proxy);
    };
    while (!(await isBack())) {
      late.throwIfAborted();
      await delay(20);
    }
    expect(stack.pidOf('stream-proxy')).not.toBe(killed);
  });
});
