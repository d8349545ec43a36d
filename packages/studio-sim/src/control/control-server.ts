import { createServer, type Server } from 'node:http';

import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { z } from 'zod';

import { Script } from '../answer/scripts.ts';
import { DRIFT_KINDS } from '../drift/plan.ts';
import { type Listening, portOf } from '../http/https-server.ts';
import { type SimState } from '../rpc/rpc-call.ts';
import { type LivePages } from '../site/live.ts';
import { FAULTS } from './faults.ts';
import { Options } from './options.ts';
import { SwitchChange } from './switches.ts';

/** How long `POST /faults` waits for open pages to show the change. */
const SETTLE_MS = 2000;
/** How long `POST /reload` waits for them to be back. */
const RELOAD_MS = 10_000;

/** The control port: scripts, faults, options, the request log. For tests, on loopback only. */
export async function listenControl(
  port: number,
  sim: SimState,
  live: LivePages,
  httpsPort: number,
): Promise<Listening> {
  const server: Server = createServer(
    controlApp(sim, live, () => ({ port: httpsPort, controlPort: portOf(server) })),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: portOf(server),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function controlApp(
  sim: SimState,
  live: LivePages,
  ports: () => { port: number; controlPort: number },
): Express {
  const { scripts, switches, log } = sim;
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ limit: '200mb', type: () => true }));

  app.get('/health', (_request, response) => {
    response.json({ ok: true, ...ports(), seed: switches.options.seed });
  });

  app.post('/scripts', (request, response) => {
    scripts.add(Script.parse(request.body));
    response.json({ ok: true });
  });
  app.delete('/scripts', (_request, response) => {
    scripts.clear();
    response.json({ ok: true });
  });

  app.get('/faults', (_request, response) => {
    const { faults, options } = switches.state;
    const drift = sim.drift.summary(options.drift);
    const known = { faults: FAULTS, options: describeOptions(), drift: DRIFT_KINDS };
    response.json({ faults, options, drift, known });
  });
  const replyWhenShown: RequestHandler = async (_request, response) => {
    await live.settled(SETTLE_MS);
    const { faults, options } = switches.state;
    response.json({ faults, options });
  };
  app.post(
    '/faults',
    (request, _response, next) => {
      switches.change(SwitchChange.parse(request.body));
      next();
    },
    replyWhenShown,
  );
  app.delete(
    '/faults',
    (_request, _response, next) => {
      switches.reset();
      next();
    },
    replyWhenShown,
  );

  const replyWhenReloaded: RequestHandler = async (_request, response) => {
    await live.reload(RELOAD_MS);
    response.json({ ok: true });
  };
  app.post('/reload', replyWhenReloaded);

  app.get('/log', (_request, response) => {
    response.json(log.entries);
  });
  app.delete('/log', (_request, response) => {
    log.clear();
    response.json({ ok: true });
  });

  app.use((request, response) => {
    response.status(404).json({ error: `There is no ${request.method} ${request.path} here.` });
  });
  app.use(answerError);
  return app;
}

/** A bad body is the caller's fault and is told so, field by field. */
const answerError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const isCallers = error instanceof z.ZodError || error instanceof SyntaxError;
  const message =
    error instanceof z.ZodError
      ? z.prettifyError(error)
      : error instanceof Error
        ? error.message
        : String(error);
  response.status(isCallers ? 400 : 500).json({ error: message });
};

function describeOptions(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Options.shape).map(([name, schema]) => [name, schema.description ?? '']),
  );
}
