import { Agent as HttpAgent, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Socket } from 'node:net';
import { type Duplex } from 'node:stream';
import { createSecureContext, rootCertificates } from 'node:tls';

import { type Address, type Outbound } from '@aistudio/outbound';

/** An idle connection is closed before the service would close it under a request. ms */
const IDLE_MS = 20_000;

/** How the real hosts are reached and whom we trust to be them. */
export interface UpstreamOptions {
  readonly outbound: Outbound;
  /** One more trusted authority, PEM. */
  readonly ca?: string | undefined;
}

/** The one place that knows how the real hosts are reached. */
export interface Upstream extends Disposable {
  /** Keep connections open between requests. The certificates of HTTPS hosts are verified. */
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** A plain connection for a tunnel. Rejects when there is none within 15 s. */
  connect(target: Address): Promise<Socket>;
}

/** Reaches hosts by way of `outbound`. */
export function createUpstream({ outbound, ca }: UpstreamOptions): Upstream {
  const keepAlive = { keepAlive: true, timeout: IDLE_MS };
  const httpAgent = new PlainAgent(outbound, keepAlive);
  const httpsAgent = new EncryptedAgent(outbound, {
    ...keepAlive,
    rejectUnauthorized: true, // whatever the environment says
    // made once: it takes tens of milliseconds
    ...(ca === undefined
      ? {}
      : { secureContext: createSecureContext({ ca: [...rootCertificates, ca] }) }),
  });
  return {
    httpAgent,
    httpsAgent,
    connect: (target) => outbound.connect(target),
    [Symbol.dispose]() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

type OnSocket = (error: Error | null, socket: Duplex) => void;

class PlainAgent extends HttpAgent {
  readonly #outbound: Outbound;

  constructor(outbound: Outbound, options: ConstructorParameters<typeof HttpAgent>[0]) {
    super(options);
    this.#outbound = outbound;
  }

  override createConnection(options: ClientRequestArgs, onSocket: OnSocket): undefined {
    this.#outbound
      .connect(addressOf(options), { isEncrypted: false })
      .then((socket) => onSocket(null, socket), fail(onSocket));
  }
}

class EncryptedAgent extends HttpsAgent {
  readonly #outbound: Outbound;

  constructor(outbound: Outbound, options: ConstructorParameters<typeof HttpsAgent>[0]) {
    super(options);
    this.#outbound = outbound;
  }

  override createConnection(options: ClientRequestArgs, onSocket: OnSocket): undefined {
    const encrypt = (socket: Socket): void => {
      const encrypted = super.createConnection({ ...options, socket } as ClientRequestArgs);
      if (encrypted) onSocket(null, encrypted);
    };
    this.#outbound.connect(addressOf(options)).then(encrypt, fail(onSocket));
  }
}

const addressOf = ({ host, port }: ClientRequestArgs): Address => ({
  host: host ?? 'localhost',
  port: Number(port),
});

/** Node's callback wants a socket even where there is none. */
const fail =
  (onSocket: OnSocket) =>
  (error: Error): void =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node looks at the error first
    (onSocket as (error: Error) => void)(error);
