import { type IncomingMessage } from 'node:http';

import { StudioError } from '@aistudio/core';
import express, { type RequestHandler } from 'express';

import { PARSED_HERE_BYTES, parseBlocks, parseJson } from '../offload/offload.ts';
import { readBlocks } from './read-blocks.ts';

const JSON_TYPE = /^(application\/([\w.+-]+\+)?json|text\/plain)\s*(;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

const isJson = (request: IncomingMessage): boolean =>
  JSON_TYPE.test(request.headers['content-type'] ?? 'application/json');

const charsetOf = (request: IncomingMessage): string =>
  CHARSET.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';

/** How long a body is that comes as it is and is parsed elsewhere, bytes; undefined for all others. */
function largeLength({ headers }: IncomingMessage, maxBytes: number): number | undefined {
  const length = Number(headers['content-length'] ?? 0);
  const isPlain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  return isPlain && length >= PARSED_HERE_BYTES && length <= maxBytes ? length : undefined;
}

/**
 * Reads the body as JSON, compressed or not, in the character set that its type names, UTF-8 where it
 * names none; a missing type and text/plain count as JSON (openai-behaviours R-11). `maxBytes` bounds
 * what it is when inflated.
 */
export function jsonBody(maxBytes: number): RequestHandler[] {
  const readWhole = express.raw({ limit: maxBytes, type: isJson });
  return [
    (request, _response, next) => {
      if (isJson(request)) return next();
      throw new StudioError(
        'unsupported_media_type',
        `The body is ${request.get('content-type')}; send application/json.`,
      );
    },
    async (request, response, next) => {
      const length = largeLength(request, maxBytes);
      if (length === undefined) return readWhole(request, response, next);
      request.body = await parseBlocks(await readBlocks(request, length), charsetOf(request));
      next();
    },
    async (request, _response, next) => {
      const body: unknown = request.body;
      if (Buffer.isBuffer(body)) {
        request.body = body.length > 0 ? await parseJson(body, charsetOf(request)) : undefined;
      }
      next();
    },
  ];
}
