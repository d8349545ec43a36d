import { type PageConfig } from '../site/html.ts';
import { numberAt, stringAt } from '../wire/message.ts';
import { parseSparse } from './frame-reader.ts';
import { type Live } from './live.ts';

/** A call that the service refused, in its own words; status 0: the network failed. */
export class RpcFailure extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** How the page calls the service. */
export interface Rpc {
  /** Calls a method and resolves to the reply array. */
  call(method: string, request: unknown): Promise<unknown>;
  /** Calls a method and hands over the reply as it grows. */
  stream(
    method: string,
    request: unknown,
    onText: (piece: string) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

/** The page's gRPC-web client. By option it sends XMLHttpRequest or fetch (wire-format.md §2). */
export function createRpc(config: PageConfig, live: Live): Rpc {
  const headers = {
    authorization: `SAPISIDHASH ${Math.floor(Date.now() / 1000)}_simulated`,
    'content-type': 'application/json+protobuf',
    'x-goog-api-key': config.WIu0Nc,
    'x-goog-authuser': String(config.authUser),
    'x-user-agent': 'grpc-web-javascript/0.1',
    'x-aistudio-visit-id': config.teM9xe,
  };
  const stream: Rpc['stream'] = async (method, request, onText, signal) => {
    const url = config.rpcBase + method;
    const body = JSON.stringify(request);
    const { bodyMode } = live.value.options;
    if (bodyMode === 'xhr') return sendXhr(url, body, headers, onText, signal);
    return sendFetch(url, body, headers, onText, signal, bodyMode === 'fetch-stream');
  };
  return {
    stream,
    async call(method, request) {
      let text = '';
      await stream(method, request, (piece) => (text += piece), new AbortController().signal);
      return parseSparse(text);
    },
  };
}

async function sendXhr(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  onText: (piece: string) => void,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const xhr = new XMLHttpRequest();
  xhr.open('POST', url);
  xhr.withCredentials = true;
  for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
  let read = 0;
  await new Promise<void>((resolve, reject) => {
    xhr.addEventListener('readystatechange', () => {
      if (xhr.readyState !== XMLHttpRequest.LOADING || xhr.status !== 200) return;
      onText(xhr.responseText.slice(read));
      read = xhr.responseText.length;
    });
    xhr.addEventListener('load', () => {
      if (xhr.status !== 200) return reject(toFailure(xhr.status, xhr.responseText));
      onText(xhr.responseText.slice(read));
      resolve();
    });
    xhr.addEventListener('error', () => reject(new RpcFailure(0, 0, 'The network failed.')));
    xhr.addEventListener('abort', () => reject(signal.reason));
    signal.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(body);
  });
}

async function sendFetch(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  onText: (piece: string) => void,
  signal: AbortSignal,
  isStreamed: boolean,
): Promise<void> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      credentials: 'include',
      headers,
      signal,
      ...(isStreamed ? { body: new Blob([body]).stream(), duplex: 'half' } : { body }),
    });
    if (!response.ok) throw toFailure(response.status, await response.text());
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done) return;
      onText(piece.value);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof RpcFailure ? error : new RpcFailure(0, 0, String(error));
  }
}

/**
 * Error bodies are `[,[code,"message"]]`, `[code,"message"]`, or no array at all (wire-format.md
 * §5.10).
 */
function toFailure(status: number, text: string): RpcFailure {
  try {
    const body = parseSparse(text);
    const error = Array.isArray(body) && typeof body[0] === 'number' ? body : at1(body);
    return new RpcFailure(status, Number(error[0] ?? 0), stringAt(error, 1) ?? 'Unknown error.');
  } catch {
    return new RpcFailure(status, 0, 'The reply makes no sense.');
  }
}

/** The failure that a body ends with, if its second element is a status. */
export function failureOf(status: unknown): RpcFailure | undefined {
  const code = numberAt(status, 0);
  if (code === undefined) return undefined;
  return new RpcFailure(200, code, stringAt(status, 1) ?? 'Unknown error.');
}

function at1(body: unknown): readonly unknown[] {
  const error: unknown = Array.isArray(body) ? body[1] : undefined;
  return Array.isArray(error) ? error : [];
}
