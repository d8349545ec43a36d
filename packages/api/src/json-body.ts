import { type IncomingMessage } from 'node:http';
import { TextDecoder } from 'node:util';

import { StudioError } from '@aistudio/core';
import express, { type RequestHandler } from 'express';

const JSON_TYPE = /^(application\/([\w.+-]+\+)?json|text\/plain)\s*(;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

const isJson = (request: IncomingMessage): boolean =>
  JSON_TYPE.test(request.headers['content-type'] ?? 'application/json');

/**
 * Reads the body as JSON, compressed or not, in the character set that its type names, UTF-8 where it
 * names none; a missing type and text/plain count as JSON (openai-behaviours R-11). `maxBytes` bounds
 * what it is when inflated.
 */
export function jsonBody(maxBytes: number): RequestHandler[] {
  return [
    (request, _response, next) => {
      if (isJson(request)) return next();
      throw new StudioError(
        'unsupported_media_type',
        `The body is ${request.get('content-type')}; send application/json.`,
      );
    },
    express.raw({ limit: maxBytes, type: isJson }),
    (request, _response, next) => {
      const body: unknown = request.body;
      const charset = CHARSET.exec(request.get('content-type') ?? '')?.[1] ?? 'utf-8';
      request.body = Buffer.isBuffer(body) && body.length > 0 ? parse(body, charset) : undefined;
      next();
    },
  ];
}

function parse(bytes: Buffer, charset: string): unknown {
  const text = decode(bytes, charset);
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('invalid_json', `The body is not JSON: ${reason}`);
  }
}

/** Throws `invalid_json` for bytes that are no text: what stood there is not to be guessed. */
function decode(bytes: Buffer, charset: string): string {
  const decoder = toDecoder(charset);
  try {
    return decoder.decode(bytes);
  } catch {
    throw new StudioError(
      'invalid_json',
      `The body is not ${decoder.encoding.toUpperCase()}. Send UTF-8, or name the character set: content-type: application/json; charset=latin1.`,
    );
  }
}

function toDecoder(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw new StudioError(
      'unsupported_media_type',
      `The body has an unsupported charset "${charset.slice(0, 40).toUpperCase()}". Send UTF-8.`,
    );
  }
}
