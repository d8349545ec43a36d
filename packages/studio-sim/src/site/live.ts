import { EventEmitter, once } from 'node:events';

import { deadline } from '@aistudio/core';

import { type Switches } from '../control/switches.ts';
import { type Exchange, type Response } from '../http/exchange.ts';

/** Tells open pages what is switched on, as it changes. */
export interface LivePages {
  /** Keeps a page informed (server-sent events) until it goes. */
  connect(exchange: Exchange): void;
  /** A page says that it shows this version of the switches. */
  applied(page: string, version: number): void;
  /** Resolves when every open page shows the present switches, or after `ms`. */
  settled(ms: number): Promise<void>;
  /** Makes every open page load again; resolves when they are back, or after `ms`. */
  reload(ms: number): Promise<void>;
  close(): void;
}

/** The pages that follow these switches. */
export function createLivePages(switches: Switches): LivePages {
  const pages = new Map<string, { readonly response: Response; version: number }>();
  const changes = new EventEmitter();

  const sendState = (response: Response): void =>
    send(response, `data: ${JSON.stringify(switches.state)}`);
  const until = async (isReached: () => boolean, ms: number): Promise<void> => {
    using limit = deadline(ms);
    while (!isReached() && !limit.signal.aborted)
      await once(changes, 'change', { signal: limit.signal }).catch(() => {}); // late pages are not waited for
  };
  const isSettled = (): boolean =>
    [...pages.values()].every(({ version }) => version >= switches.state.version);
  const stop = switches.onChange(() => {
    for (const { response } of pages.values()) sendState(response);
  });

  return {
    connect({ response, url }) {
      const page = url.searchParams.get('page') ?? '';
      pages.set(page, { response, version: 0 });
      response.once('close', () => {
        pages.delete(page);
        changes.emit('change');
      });
      response.setHeader('content-type', 'text/event-stream');
      response.setHeader('cache-control', 'no-store');
      sendState(response);
    },
    applied(page, version) {
      const known = pages.get(page);
      if (known) known.version = version;
      changes.emit('change');
    },
    settled: (ms) => until(isSettled, ms),
    async reload(ms) {
      const old = new Set(pages.keys());
      for (const { response } of pages.values()) send(response, 'event: reload\ndata:');
      const fresh = (): string[] => [...pages.keys()].filter((page) => !old.has(page));
      await until(() => fresh().length >= old.size && isSettled(), ms);
    },
    close() {
      stop();
      for (const { response } of pages.values()) response.end();
    },
  };
}

/** Writes one server-sent event. */
function send(response: Response, event: string): void {
  const write: (text: string) => boolean = response.write.bind(response);
  write(`${event}\n\n`);
}
