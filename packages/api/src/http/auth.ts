import { StudioError } from '@aistudio/core';
import { type RequestHandler } from 'express';

import { type KeyRing } from '../keys/key-ring.ts';
import { setCaller } from './context.ts';
import { givenKeys } from './given-keys.ts';

/**
 * Lets a request through that carries a key of this server, in any of the usual ways (openai-behaviours
 * E-07); any request where none is asked for.
 */
export const requireKey =
  (keys: KeyRing): RequestHandler =>
  async (request, response, next) => {
    const given = givenKeys(request);
    const { caller, isAsked } = await keys.recognise(given);
    if (caller) setCaller(response, caller);
    else if (isAsked)
      throw refusal(given, 'one of this server’s keys', 'The API key is wrong, or revoked.');
    next();
  };

/** Lets a request through that carries the admin key, in the same ways. */
export const requireAdmin =
  (keys: KeyRing): RequestHandler =>
  async (request, response, next) => {
    const given = givenKeys(request);
    const { caller } = await keys.recognise(given);
    if (!caller?.isAdmin) throw refusal(given, 'the ADMIN_KEY', 'This takes another key.');
    setCaller(response, caller);
    next();
  };

const refusal = (given: readonly string[], wanted: string, fault: string): StudioError =>
  new StudioError(
    'invalid_api_key',
    given.length === 0
      ? `No API key was given. Send ${wanted} as "Authorization: Bearer <key>".`
      : `${fault} Send ${wanted}.`,
  );
