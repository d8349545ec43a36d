/** How a host is reached. */
export interface Address {
  /** A name or an IP address, the latter without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Parses `host:port`, with `[…]` around an IPv6 host. Throws on anything else. */
export function parseAddress(authority: string): Address {
  const match = /^(?:\[([\da-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/i.exec(authority);
  const host = match?.[1] ?? match?.[2];
  if (!host || Number(match?.[3]) > 65_535) throw new Error(`'${authority}' is not host:port`);
  return { host: host.toLowerCase(), port: Number(match?.[3]) };
}

/** `host:port`, with `[…]` around an IPv6 host. */
export const formatAddress = ({ host, port }: Address): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;
