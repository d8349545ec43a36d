import { createHash, timingSafeEqual } from 'node:crypto';

import { StudioError } from '@aistudio/core';
import { type RequestHandler } from 'express';

import { givenKeys } from './given-keys.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Lets a request through that carries one of `keys` as `Authorization: Bearer`, `x-api-key` or
 * `api-key` (openai-behaviours E-07); any request where there are none. Comparing digests takes the
 * same time whatever was sent.
 */
export function requireKey(keys: readonly string[]): RequestHandler {
  const known = keys.map(digest);
  return (request, _response, next) => {
    if (known.length === 0) return next();
    const given = givenKeys(request.headers);
    if (given.length === 0) {
      throw new StudioError(
        'invalid_api_key',
        'No API key was given. Send one of this server’s keys as "Authorization: Bearer <key>".',
      );
    }
    const isKnown = given.map(digest).some((key) => known.some((one) => timingSafeEqual(one, key)));
    if (!isKnown) {
      throw new StudioError(
        'invalid_api_key',
        'The API key is wrong. The keys of this server are in its API_KEYS.',
      );
    }
    next();
  };
}
