import { StudioError } from '@aistudio/core';

/** The person's own proxy does not get us through. The message names it, never its credentials. */
export class ProxyError extends StudioError {
  override readonly name = 'ProxyError';

  /** `what` follows "The proxy at host:port". The cause is left out: it may hold the credentials. */
  constructor(proxy: URL, what: string) {
    super('upstream_error', `The proxy at ${proxy.host} ${what}.`);
  }
}

/** Its user name or password is wrong, or there is none. */
export const refusedCredentials = (proxy: URL): ProxyError =>
  new ProxyError(
    proxy,
    'refuses its user name or password: check UNIFIED_PROXY_CONFIG, HTTPS_PROXY or HTTP_PROXY',
  );

/** User name and password of a proxy's URL as they are meant; undefined: it has none. */
export function credentialsOf(proxy: URL): { username: string; password: string } | undefined {
  if (proxy.username === '' && proxy.password === '') return undefined;
  return {
    username: decodeURIComponent(proxy.username),
    password: decodeURIComponent(proxy.password),
  };
}
