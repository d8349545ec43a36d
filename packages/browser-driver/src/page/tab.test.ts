import { describe, expect, it } from '@jest/globals';
import { type Browser } from 'playwright';

import { openTab } from './tab.ts';

describe('a tab that cannot be opened', () => {
  it('leaves no context behind, with which its browser would live on', async () => {
    let open = 0;
    const context = {
      addInitScript: () => Promise.resolve(),
      newPage: () => Promise.reject(new Error('no page')),
      close: () => Promise.resolve(void (open -= 1)),
    };
    const browser = { newContext: () => Promise.resolve(((open += 1), context)) };
    const opening = openTab(browser as unknown as Browser, {
      proxy: undefined,
      profile: undefined,
      hasEvidence: false,
    });
    await expect(opening).rejects.toThrow('no page');
    expect(open).toBe(0);
  });
});
