import { randomBytes } from 'node:crypto';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/**
 * The keys to ask for. Where other machines can reach `host` and none is configured, one is made
 * up, and `announce` gets it: nobody else will ever say it.
 */
export function chooseKeys(
  configured: readonly string[],
  host: string,
  announce: (key: string) => void,
): readonly string[] {
  if (configured.length > 0 || LOOPBACK.test(host)) return configured;
  const key = `sk-${randomBytes(24).toString('base64url')}`;
  announce(key);
  return [key];
}
