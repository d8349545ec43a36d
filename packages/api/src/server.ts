import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';

import { type EventLoopWatch, type Log, StudioError } from '@aistudio/core';
import express, { type RequestHandler } from 'express';

import { type ChatOptions } from './dialects/openai-chat/chat-options.ts';
import { requireAdmin, requireKey } from './http/auth.ts';
import { contextOf } from './http/context.ts';
import { cors } from './http/cors.ts';
import { answerFailure } from './http/error-handler.ts';
import { checkHost } from './http/host-check.ts';
import { jsonBody } from './http/json-body.ts';
import { answerRawFailures } from './http/raw-failures.ts';
import { identify } from './http/request-id.ts';
import { closeUnread } from './http/unread-answers.ts';
import { type Cancel } from './jobs/cancel.ts';
import { type Drain } from './jobs/drain.ts';
import { type Load } from './jobs/load.ts';
import { type ListPrompts } from './jobs/queue/list-prompts.ts';
import { type KeyRing } from './keys/key-ring.ts';
import { type KeyStore } from './keys/key-store.ts';
import { type Health } from './monitoring/health.ts';
import { type Metrics } from './monitoring/metrics.ts';
import { chatCompletions } from './routes/chat-completions.ts';
import { completions } from './routes/completions.ts';
import { methodNotAllowed, unknownUrl } from './routes/fallback.ts';
import { health, live } from './routes/health.ts';
import { info, type Installation } from './routes/info.ts';
import { createKey, deleteKey, listKeys, testKey } from './routes/keys.ts';
import { metricsPage } from './routes/metrics.ts';
import { model, models } from './routes/models.ts';
import { cancelPrompt, queue } from './routes/queue.ts';
import { root } from './routes/root.ts';

/** Longer than the idle limit of common clients and proxies, so that they close first. */
const KEEP_ALIVE_TIMEOUT_MS = 120_000;

const MAX_KEY_BODY_BYTES = 10_000;
/** Longest time in which a client may take nothing of a finished answer, ms. */
const UNREAD_MS = 30_000;

const HTTP_OPTIONS = {
  noDelay: true,
  requestTimeout: 0,
  /** Bytes: a browser sends the cookies of everything else that runs on localhost. */
  maxHeaderSize: 65_536,
  /** The check of the Host header answers in our own words. */
  requireHostHeader: false,
} as const;

/** Everything the server needs; it knows neither Redis nor the environment. */
export interface ServerDeps extends ChatOptions {
  readonly drain: Pick<Drain, 'watch' | 'refuse'>;
  readonly eventLoop: Pick<EventLoopWatch, 'during'>;
  readonly readHealth: () => Promise<Health>;
  readonly readLoad: () => Promise<Load | undefined>;
  readonly metrics: Metrics;
  readonly installation: Installation;
  readonly listPrompts: ListPrompts;
  readonly cancel: Cancel;
  readonly keys: KeyRing;
  /** The keys that are made here. */
  readonly keyStore: KeyStore;
  /** None = any loopback origin. */
  readonly corsOrigins: readonly string[];
  /** Names in the Host header that are taken without a key, besides local ones. */
  readonly allowedHosts: readonly string[];
  readonly maxBodyBytes: number;
  /** Longest time in which a client may take nothing of a finished answer, ms; default 30 s. */
  readonly unreadMs?: number;
  readonly log: Log;
}

/** The HTTP server, not yet listening: what every request passes, in this order. */
export function createServer(deps: ServerDeps): Server {
  const app = express().disable('x-powered-by').disable('etag');
  const { drain, metrics, readHealth, keys, keyStore } = deps;
  const isKeyAsked = async (): Promise<boolean> => (await keys.recognise([])).isAsked;
  const asksForAnswer = [drain.refuse, ...jsonBody(deps.maxBodyBytes)];
  app.use(drain.watch);
  app.use(closeUnread(deps.unreadMs ?? UNREAD_MS));
  app.use(identify(deps.log, metrics.observe));
  app.use(nameTo(deps.eventLoop));
  const unmet = new WeakSet<IncomingMessage>();
  app.use(secure);
  app.use(refuseExpectations(unmet));
  app.use(checkHost({ allowed: deps.allowedHosts, isKeyAsked }));
  app.use(cors({ origins: deps.corsOrigins, isKeyAsked }));
  app.use(['/v1', '/api/info', '/metrics'], requireKey(keys));
  app.use('/api/keys', requireAdmin(keys));

  app.route('/').get(root).all(methodNotAllowed('GET, HEAD, OPTIONS'));
  for (const path of ['/health', '/health/ready']) {
    app
      .route(path)
      .get(health(readHealth, metrics.served))
      .all(methodNotAllowed('GET, HEAD, OPTIONS'));
  }
  app.route('/health/live').get(live).all(methodNotAllowed('GET, HEAD, OPTIONS'));
  app
    .route('/api/info')
    .get(info(deps.installation, isKeyAsked, readHealth))
    .all(methodNotAllowed('GET, HEAD, OPTIONS'));
  app
    .route('/metrics')
    .get(metricsPage(metrics, readHealth, deps.readLoad))
    .all(methodNotAllowed('GET, HEAD, OPTIONS'));
  app.route('/v1/models').get(models(deps.listModels)).all(methodNotAllowed('GET, HEAD, OPTIONS'));
  app
    .route('/v1/models/*id')
    .get(model(deps.listModels))
    .all(methodNotAllowed('GET, HEAD, OPTIONS'));
  app
    .route('/v1/chat/completions')
    .post(asksForAnswer, chatCompletions(deps))
    .all(methodNotAllowed('POST, OPTIONS'));
  app
    .route('/v1/completions')
    .post(asksForAnswer, completions(deps))
    .all(methodNotAllowed('POST, OPTIONS'));
  app.route('/v1/queue').get(queue(deps.listPrompts)).all(methodNotAllowed('GET, HEAD, OPTIONS'));
  app
    .route('/v1/cancel/:id')
    .post(cancelPrompt(deps.cancel))
    .all(methodNotAllowed('POST, OPTIONS'));
  app
    .route('/api/keys')
    .get(listKeys(keyStore))
    .post(jsonBody(MAX_KEY_BODY_BYTES), createKey(keyStore))
    .all(methodNotAllowed('GET, HEAD, POST, OPTIONS'));
  app
    .route('/api/keys/test')
    .post(jsonBody(MAX_KEY_BODY_BYTES), testKey(keys))
    .all(methodNotAllowed('POST, OPTIONS'));
  app.route('/api/keys/:id').delete(deleteKey(keyStore)).all(methodNotAllowed('DELETE, OPTIONS'));
  app.use(unknownUrl);
  app.use(answerFailure);

  const server = createHttpServer(HTTP_OPTIONS, app);
  server.on('checkExpectation', (request, response) => {
    unmet.add(request);
    app(request, response);
  });
  answerRawFailures(server, deps.log);
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.headersTimeout = KEEP_ALIVE_TIMEOUT_MS + 5000;
  return server;
}

/** Lets a warning about a blocked event loop name the requests that were there. */
const nameTo =
  (eventLoop: Pick<EventLoopWatch, 'during'>): RequestHandler =>
  (_request, response, next) => {
    const presence = eventLoop.during(contextOf(response).id);
    response.once('close', () => presence[Symbol.dispose]());
    next();
  };

/** Has requests refused that expect what HTTP does not know (`Expect` other than `100-continue`). */
const refuseExpectations =
  (unmet: WeakSet<IncomingMessage>): RequestHandler =>
  (request, _response, next) => {
    if (!unmet.has(request)) return next();
    throw new StudioError(
      'expectation_failed',
      'This server meets no expectation but 100-continue: leave the Expect header out.',
    );
  };

/** Answers are data, whatever a browser takes them for. */
const secure: RequestHandler = (_request, response, next) => {
  response.setHeader('x-content-type-options', 'nosniff');
  next();
};
