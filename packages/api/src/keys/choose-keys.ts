import { randomKey } from './stored-key.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/** Whether other machines can reach what listens on `host`. */
export const isExposed = (host: string): boolean => !LOOPBACK.test(host);

/**
 * The keys to ask for beside those that are `stored`. Where other machines can reach `host` and there
 * is none at all, one is made up, and `announce` gets it: nobody else will ever say it.
 */
export function chooseKeys(
  configured: readonly string[],
  host: string,
  stored: number,
  announce: (key: string) => void,
): readonly string[] {
  if (configured.length > 0 || stored > 0 || !isExposed(host)) return configured;
  const key = randomKey();
  announce(key);
  return [key];
}
