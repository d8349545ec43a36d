import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect, type Socket } from 'node:net';
import { createSecureContext, rootCertificates } from 'node:tls';

/** An idle connection is closed before the service would close it under a request. ms */
const IDLE_MS = 20_000;
const CONNECT_TIMEOUT_MS = 15_000;

/** Where the real hosts are and whom we trust to be them. */
export interface UpstreamOptions {
  /** `host:port` → `ip:port`: connect there instead. */
  readonly resolve: Readonly<Record<string, string>>;
  /** One more trusted authority, PEM. */
  readonly ca?: string | undefined;
}

/** How a host is reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The one place that knows how the real hosts are reached. */
export interface Upstream extends Disposable {
  /** Keep connections open between requests. The certificates of HTTPS hosts are verified. */
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** Where to connect for a host. */
  addressOf(target: Address): Address;
  /** A plain connection for a tunnel. Rejects when there is none within 15 s. */
  connect(target: Address): Promise<Socket>;
}

/** Reaches hosts directly. */
export function createUpstream({ resolve, ca }: UpstreamOptions): Upstream {
  const keepAlive = { keepAlive: true, timeout: IDLE_MS };
  const httpAgent = new HttpAgent(keepAlive);
  const httpsAgent = new HttpsAgent({
    ...keepAlive,
    rejectUnauthorized: true, // whatever the environment says
    // made once: it takes tens of milliseconds
    ...(ca === undefined
      ? {}
      : { secureContext: createSecureContext({ ca: [...rootCertificates, ca] }) }),
  });
  const addressOf = (target: Address): Address => {
    const mapped = resolve[`${target.host.toLowerCase()}:${target.port}`];
    return mapped === undefined ? target : parseAddress(mapped);
  };
  return {
    httpAgent,
    httpsAgent,
    addressOf,
    connect: (target) =>
      new Promise((fulfil, reject) => {
        const socket = connect({ ...addressOf(target), noDelay: true });
        socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
        socket.once('error', reject);
        socket.once('connect', () => {
          socket.off('error', reject);
          socket.setTimeout(0);
          fulfil(socket);
        });
      }),
    [Symbol.dispose]() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** Parses `host:port`, with `[…]` around an IPv6 host. Throws on anything else. */
export function parseAddress(authority: string): Address {
  const match = /^(?:\[([\da-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/i.exec(authority);
  const host = match?.[1] ?? match?.[2];
  if (!host || Number(match?.[3]) > 65_535) throw new Error(`'${authority}' is not host:port`);
  return { host: host.toLowerCase(), port: Number(match?.[3]) };
}
