import { setTimeout } from 'node:timers/promises';

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
  close(): void;
}

/** The pages that follow these switches. */
export function createLivePages(switches: Switches): LivePages {
  const pages = new Map<string, { response: Response; version: number }>();
  const waiting = new Set<() => void>();

  const send = (response: Response): void => {
    const write: (text: string) => boolean = response.write.bind(response);
    write(`data: ${JSON.stringify(switches.state)}\n\n`);
  };
  const isSettled = (): boolean =>
    [...pages.values()].every(({ version }) => version >= switches.state.version);
  const check = (): void => {
    if (isSettled()) for (const resolve of waiting) resolve();
  };
  const stop = switches.onChange(() => {
    for (const { response } of pages.values()) send(response);
  });

  return {
    connect({ response, url }) {
      const page = url.searchParams.get('page') ?? '';
      pages.set(page, { response, version: 0 });
      response.once('close', () => {
        if (pages.get(page)?.response === response) pages.delete(page);
        check();
      });
      response.setHeader('content-type', 'text/event-stream');
      response.setHeader('cache-control', 'no-store');
      send(response);
    },
    applied(page, version) {
      const known = pages.get(page);
      if (known) known.version = version;
      check();
    },
    async settled(ms) {
      if (isSettled()) return;
      const late = new AbortController();
      const done = new Promise<void>((resolve) => waiting.add(resolve));
      await Promise.race([done, setTimeout(ms, undefined, { signal: late.signal })]);
      late.abort();
      waiting.clear();
    },
    close() {
      stop();
      for (const { response } of pages.values()) response.end();
    },
  };
}
