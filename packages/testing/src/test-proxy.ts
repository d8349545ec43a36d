import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { type Duplex } from 'node:stream';

/** Where a host is reached. */
interface Address {
  readonly host: string;
  readonly port: number;
}

/** How a proxy for tests behaves. */
export interface TestProxyOptions {
  readonly protocol: 'http' | 'https' | 'socks5';
  /** Whoever does not know them is refused; undefined: it asks for none. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Where a host is; undefined: nowhere. Default: where it says. */
  readonly find?: (target: Address) => Address | undefined;
  /** Key and certificate of an `https` one, PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A proxy such as a person may have, on loopback. */
export interface TestProxy extends AsyncDisposable {
  /** With its credentials. */
  readonly url: URL;
  /** What it was asked for, `host:port`, by whoever knew the credentials. */
  readonly asked: string[];
  /** Cuts every connection. */
  cut(): void;
}

/** Starts a proxy that keeps a list of what it is asked for. */
export async function startTestProxy(options: TestProxyOptions): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server =
    options.protocol === 'socks5' ? socksServer(options, asked) : httpServer(options, asked);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const host = options.protocol === 'https' ? 'localhost' : '127.0.0.1';
  const url = new URL(`${options.protocol}://${host}:${(server.address() as AddressInfo).port}`);
  url.username = encodeURIComponent(options.credentials?.username ?? '');
  url.password = encodeURIComponent(options.credentials?.password ?? '');
  return {
    url,
    asked,
    cut,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

function httpServer(
  options: TestProxyOptions,
  asked: string[],
): ReturnType<typeof createTcpServer> {
  const tunnelsOnly: RequestListener = (_request, response) => void response.writeHead(501).end();
  const server =
    options.protocol === 'https'
      ? createHttpsServer({ ...options.tls }, tunnelsOnly)
      : createHttpServer(tunnelsOnly);
  server.on('connect', (request, client) => {
    const { credentials } = options;
    const given = request.headers['proxy-authorization'];
    if (credentials && given !== basic(credentials)) return refuse(client, 407);
    asked.push(String(request.url));
    const found = (options.find ?? itself)(toAddress(String(request.url)));
    if (!found) return refuse(client, 502);
    const host = connect({ ...found });
    host.once('error', () => client.destroy());
    host.once('connect', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(host).pipe(client);
      host.once('close', () => client.destroy());
      client.once('close', () => host.destroy());
    });
  });
  return server;
}

/** RFC 1928 and RFC 1929, as far as CONNECT goes. */
function socksServer(
  options: TestProxyOptions,
  asked: string[],
): ReturnType<typeof createTcpServer> {
  return createTcpServer((client) => {
    serveSocks(client, options, asked).catch(() => client.destroy());
  });
}

async function serveSocks(
  client: Socket,
  options: TestProxyOptions,
  asked: string[],
): Promise<void> {
  const read = async (bytes: number): Promise<Buffer> => {
    for (;;) {
      const got = client.read(bytes) as Buffer | null;
      if (got) return got;
      await once(client, 'readable');
    }
  };
  const readText = async (): Promise<string> => (await read((await read(1))[0] ?? 0)).toString();
  const [, methods = 0] = await read(2);
  const offered = await read(methods);
  const method = options.credentials ? 2 : 0;
  if (!offered.includes(method)) return void client.end(Buffer.from([5, 0xff]));
  client.write(Buffer.from([5, method]));
  if (options.credentials) {
    await read(1);
    const { username, password } = options.credentials;
    const isKnown = (await readText()) === username && (await readText()) === password;
    client.write(Buffer.from([1, isKnown ? 0 : 1]));
    if (!isKnown) return void client.end();
  }
  const [, , , kind] = await read(4);
  const host = kind === 3 ? await readText() : (await read(4)).join('.');
  const port = (await read(2)).readUInt16BE();
  asked.push(`${host}:${port}`);
  const found = (options.find ?? itself)({ host, port });
  const reply = (code: number): Buffer => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
  if (!found) return void client.end(reply(4));
  const far = connect({ ...found });
  far.once('error', () => client.end(reply(5)));
  far.once('connect', () => {
    client.write(reply(0));
    client.pipe(far).pipe(client);
  });
}

const itself = (target: Address): Address => target;

const toAddress = (authority: string): Address => {
  const { hostname, port } = new URL(`tunnel://${authority}`);
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
};

const basic = ({ username, password }: { username: string; password: string }): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const refuse = (client: Duplex, status: 407 | 502): void =>
  void client.end(
    `HTTP/1.1 ${status} Refused\r\n${status === 407 ? 'Proxy-Authenticate: Basic realm="test"\r\n' : ''}` +
      'Content-Length: 0\r\nConnection: close\r\n\r\n',
  );
