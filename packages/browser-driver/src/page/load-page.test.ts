import { toErrorRecord } from '@aistudio/core';
import { describe, expect, it } from '@jest/globals';

import { loadPage } from './load-page.ts';
import { type StudioPage } from './studio-page.ts';

/** What a client is told when Chromium gives up the load with this. */
async function failureOf(words: string): Promise<object> {
  const page = { goto: () => Promise.reject(new Error(`page.goto: ${words} at https://a.test/`)) };
  const studio = { page } as unknown as StudioPage;
  const loading = loadPage(studio, 'https://a.test/', new AbortController().signal);
  return toErrorRecord(await loading.catch((error: unknown) => error));
}

describe('AI Studio that cannot be reached', () => {
  it.each([
    ['net::ERR_NAME_NOT_RESOLVED', 'connection to the internet'],
    ['net::ERR_INTERNET_DISCONNECTED', 'connection to the internet'],
    ['net::ERR_PROXY_CONNECTION_FAILED', 'UNIFIED_PROXY_CONFIG'],
    ['net::ERR_TUNNEL_CONNECTION_FAILED', 'UNIFIED_PROXY_CONFIG'],
  ])('is said with the cause and what to do: %s', async (cause, advice) => {
    const failure = await failureOf(cause);
    expect(failure).toMatchObject({ status: 502, code: 'upstream_error' });
    expect(failure).toMatchObject({ message: expect.stringContaining(`(${cause})`) });
    expect(failure).toMatchObject({ message: expect.stringContaining(advice) });
  });

  it('is a failure of the page where Chromium names no cause', async () => {
    expect(await failureOf('Target crashed')).toMatchObject({ status: 502 });
  });
});
