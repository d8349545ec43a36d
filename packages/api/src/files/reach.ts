import { type LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

import { createConnector, type Outbound } from '@aistudio/outbound';
import { Agent } from 'undici';

import { isPublicAddress } from './public-address.ts';

/** Why an address is not fetched; the message goes on to the client. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** What may be reached. Tests alone have one of their own: no setting makes it wider. */
export interface Reach {
  readonly protocol: 'https:' | 'http:';
  readonly isAllowed: (address: string) => boolean;
  /** All addresses of a host name. */
  readonly resolve: (hostname: string) => Promise<LookupAddress[]>;
}

/** The public internet, encrypted. */
export const PUBLIC_WEB: Reach = {
  protocol: 'https:',
  isAllowed: isPublicAddress,
  resolve: (hostname) => lookup(hostname, { all: true }),
};

const outOfReach = (): Refusal =>
  new Refusal('it is not on the public internet, and nothing else is fetched');

/** Throws {@link Refusal} for a URL that must not be asked for, as far as it says so itself. */
export function assertReachable(url: URL, { protocol, isAllowed }: Reach): void {
  if (url.protocol !== protocol) {
    throw new Refusal(`only ${protocol}// addresses and data: URIs are fetched`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Refusal('an address with a user name or password in it is not fetched');
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // Nobody looks up what is an address already.
  if (isIP(host) !== 0 && !isAllowed(host)) throw outOfReach();
}

/**
 * Connects only to addresses that were checked: each connection resolves its host name once and goes
 * to the very addresses that passed, so that a second answer of the DNS changes nothing. Where the
 * person's own proxy is in between, the name is looked up and checked here all the same, and then
 * handed to the proxy, which looks it up for itself.
 */
export function createGuardedAgent(
  { resolve, isAllowed }: Reach,
  outbound: Outbound,
  timeoutMs: number,
): Agent {
  const findChecked = async (hostname: string): Promise<LookupAddress[]> => {
    const addresses = await resolve(hostname).catch(() => []);
    if (addresses.length === 0) throw new Refusal('its host name is not known');
    if (!addresses.every(({ address }) => isAllowed(address))) throw outOfReach();
    return addresses;
  };
  const lookupChecked = callbackify(findChecked);
  const guardedLookup: LookupFunction = (hostname, { all }, callback) => {
    lookupChecked(hostname, (error, addresses) => {
      const first = addresses?.[0];
      if (error || !first) callback(error, []);
      else if (all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
  return new Agent({
    connect: createConnector(outbound, {
      lookup: guardedLookup,
      timeout: timeoutMs,
      check: async ({ host }) => isIP(host) === 0 && findChecked(host),
    }),
  });
}
