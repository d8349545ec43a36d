import { type IncomingMessage } from 'node:http';

import { StudioError } from '@aistudio/core';
import express, { type RequestHandler } from 'express';

import { parseJson } from '../offload/offload.ts';

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
    async (request, _response, next) => {
      const body: unknown = request.body;
      const charset = CHARSET.exec(request.get('content-type') ?? '')?.[1] ?? 'utf-8';
      request.body =
        Buffer.isBuffer(body) && body.length > 0 ? await parseJson(body, charset) : undefined;
      next();
    },
  ];
}
