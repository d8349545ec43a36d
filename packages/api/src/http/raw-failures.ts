import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { type Duplex } from 'node:stream';

import { type Log, StudioError, toErrorRecord } from '@aistudio/core';

import { toErrorBody } from '../dialects/shared/errors.ts';
import { toJson } from './to-json.ts';

/** What the parser of HTTP says of bytes that make no request. */
interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

const TLS_HANDSHAKE = 0x16;

/**
 * Has the server answer with OpenAI's error object where no request came about, so that no route could:
 * headers that are too large, bytes that are no HTTP, methods that the parser does not know.
 */
export function answerRawFailures(server: Server, log: Log): void {
  const lastOn = new WeakMap<Duplex, ServerResponse>();
  const refuse = (socket: Duplex, failure: StudioError): void => {
    const last = lastOn.get(socket);
    const isInTheWay = last !== undefined && last.headersSent && !last.writableFinished;
    if (!socket.writable || isInTheWay) {
      socket.destroy();
      return;
    }
    const { status, code } = toErrorRecord(failure);
    const id = `req-${randomUUID().replaceAll('-', '')}`;
    log.info('request refused', { requestId: id, status, code });
    socket.end(toMessage(failure, id));
  };

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    lastOn.set(request.socket, response);
  });
  server.on('clientError', (error: ParserError, socket) => {
    if (error.code === 'ECONNRESET') socket.destroy();
    else refuse(socket, toFailure(error));
  });
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy()); // Node has taken its own listener away
    refuse(socket, unknownMethod('CONNECT'));
  });
}

/** A whole HTTP message with the failure. */
function toMessage(failure: StudioError, id: string): string {
  const record = toErrorRecord(failure);
  const body = toJson(toErrorBody(record));
  return [
    `HTTP/1.1 ${record.status} ${STATUS_CODES[record.status] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'x-content-type-options: nosniff',
    ...(record.status === 405 ? [`allow: ${METHODS}`] : []),
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

const METHODS = 'GET, HEAD, POST, DELETE, OPTIONS';

const unknownMethod = (name: string): StudioError =>
  new StudioError('method_not_allowed', `${name} is not allowed; this server takes ${METHODS}.`);

function toFailure({ code, message, rawPacket }: ParserError): StudioError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new StudioError(
      'headers_too_large',
      'The headers are larger than 64 kB together. A browser may send cookies of other programs on this machine: use 127.0.0.1 instead of localhost, or delete them.',
    );
  }
  if (code === 'HPE_INVALID_METHOD' && rawPacket?.[0] === TLS_HANDSHAKE) {
    return new StudioError(
      'malformed_request',
      'This server speaks plain HTTP: use http:// instead of https://.',
    );
  }
  if (code === 'HPE_INVALID_METHOD') {
    const [name] = /^[A-Z][A-Z-]{0,30}(?= )/.exec(rawPacket?.toString('latin1', 0, 40) ?? '') ?? [];
    if (name !== undefined) return unknownMethod(name);
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new StudioError('request_timeout', 'The request’s headers did not arrive in time.');
  }
  const reason = message.replace(/^Parse Error: /, '');
  return new StudioError('malformed_request', `This is not a valid HTTP request: ${reason}.`);
}
