import { isIP } from 'node:net';

import { StudioError } from '@aistudio/core';
import { type RequestHandler } from 'express';

/** Which names the server goes by. */
export interface HostCheckOptions {
  /** Names besides those that only this machine and its own network know. */
  readonly allowed: readonly string[];
  /** Whether a key is asked for: then the key tells a hostile page from the user. */
  readonly isKeyAsked: () => Promise<boolean>;
}

/**
 * Refuses requests to a name on the internet while no key is asked for. A web page whose own name
 * was pointed at this machine (DNS rebinding) is of one origin with the server, so a browser would let
 * it read everything; what it cannot change is the name in the Host header.
 */
export const checkHost =
  ({ allowed, isKeyAsked }: HostCheckOptions): RequestHandler =>
  async (request, _response, next) => {
    const name = request.hostname?.toLowerCase().replace(/\.$/, '') ?? '';
    if (isLocalName(name) || allowed.includes(name) || (await isKeyAsked())) return next();
    throw new StudioError(
      'origin_not_allowed',
      `This server does not go by the name '${name.slice(0, 100)}' as long as it asks for no key. Name it in ALLOWED_HOSTS, or set API_KEYS.`,
    );
  };

/** An address, a name of this machine, or one that no public name server can answer for. */
const isLocalName = (name: string): boolean =>
  name === '' ||
  isIP(name.replace(/^\[|\]$/g, '')) !== 0 ||
  !name.includes('.') ||
  /\.(localhost|local|internal|lan|home\.arpa)$/.test(name);
