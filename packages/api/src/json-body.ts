import { type IncomingMessage } from 'node:http';

import { StudioError } from '@aistudio/core';
import express, { type RequestHandler } from 'express';

const JSON_TYPE = /^(application\/([\w.+-]+\+)?json|text\/plain)\s*(;|$)/i;

const isJson = (request: IncomingMessage): boolean =>
  JSON_TYPE.test(request.headers['content-type'] ?? 'application/json');

/**
 * Reads the body as JSON, compressed or not; a missing type and text/plain count as JSON
 * (openai-behaviours R-11). `maxBytes` bounds what it is when inflated.
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
    express.json({ limit: maxBytes, strict: false, type: isJson }),
  ];
}
