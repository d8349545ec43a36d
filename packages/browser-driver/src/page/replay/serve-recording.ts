import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';

import {
  type Body,
  type RecordedCall,
  type RecordedStep,
  type Recording,
  SHOWN_ATTRIBUTE,
} from '@aistudio/recorder';

import { ORIGIN } from '../location.ts';
import { createCertificate } from './certificate.ts';

/** A server that answers for the real host names. Disposing closes it and its connections. */
export interface RecordingServer extends AsyncDisposable {
  readonly port: number;
  /** The host names that it answers for. */
  readonly hosts: readonly string[];
  /** SHA-256 of its public key, base64. */
  readonly spki: string;
  /** The address of a step's document, and that of a call. */
  stepUrl(step: RecordedStep): string;
  callUrl(call: RecordedCall): string;
}

/** The parameter that says which step or call is meant. */
const NUMBER = 'recorded';

/** A recording may come from a stranger: no script that it holds runs. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-eval'; connect-src https:";

/** How elements were shown, without the page's own styles. */
const STYLE = `<style>
[hidden]:not([${SHOWN_ATTRIBUTE}]), [popover]:not([${SHOWN_ATTRIBUTE}]), dialog:not([${SHOWN_ATTRIBUTE}]) { display: block !important }
[${SHOWN_ATTRIBUTE}="none"] { display: none !important }
[${SHOWN_ATTRIBUTE}="contents"] { display: contents !important }
[${SHOWN_ATTRIBUTE}="hidden"] { visibility: hidden !important }
[${SHOWN_ATTRIBUTE}="visible"] { visibility: visible !important }
</style>`;

/** Serves a recording over HTTPS on a free port of this machine, with a certificate for this run. */
export async function serveRecording(recording: Recording): Promise<RecordingServer> {
  const { steps, calls } = recording;
  const hosts = [...new Set([new URL(ORIGIN).hostname, ...calls.map(({ host }) => host)])];
  const { key, certificate, spki } = createCertificate(hosts);
  const server = createServer({ key, cert: certificate }, (request, response) => {
    const url = new URL(request.url ?? '/', `https://${request.headers.host}`);
    const number = Number(url.searchParams.get(NUMBER) ?? Number.NaN);
    request.resume();
    if (url.hostname === hosts[0]) serveStep(steps[number], response);
    else serveCall(calls[number], request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    port,
    hosts,
    spki,
    stepUrl: (step) => `${ORIGIN}${step.path}?${NUMBER}=${steps.indexOf(step)}`,
    callUrl: (call) => `https://${call.host}${call.path}?${NUMBER}=${calls.indexOf(call)}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function serveStep(step: RecordedStep | undefined, response: ServerResponse): void {
  if (!step) return void response.writeHead(404).end();
  const html = step.html
    .replace('</head>', `${STYLE}</head>`)
    .replaceAll('<template shadowrootmode="open">', `<template shadowrootmode="open">${STYLE}`);
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
  });
  return void response.end(`<!doctype html>${html}`);
}

function serveCall(
  call: RecordedCall | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const headers = {
    'access-control-allow-origin': ORIGIN,
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
    'access-control-allow-methods': 'POST',
  };
  if (request.method === 'OPTIONS') return void response.writeHead(200, headers).end();
  if (!call || call.status === null) return void response.destroy(); // it never was answered
  response.writeHead(call.status, {
    ...headers,
    'content-type': call.contentType ?? 'application/json+protobuf',
  });
  return void response.end(toBytes(call.response));
}

/** A body as it is sent: JSON without white space, or the text. */
export function toBytes(body: Body): Buffer {
  if ('json' in body) return Buffer.from(JSON.stringify(body.json));
  return Buffer.from('text' in body ? body.text : '');
}
