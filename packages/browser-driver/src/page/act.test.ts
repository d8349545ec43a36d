import { describe, expect, it } from '@jest/globals';

import { act } from './act.ts';
import { PageError } from './page-error.ts';

const never = (): Promise<never> => new Promise(() => undefined);

describe('act', () => {
  it('gives what the page gives', async () => {
    const { signal } = new AbortController();
    await expect(act('read', signal, 1000, () => Promise.resolve(7))).resolves.toBe(7);
  });

  it('names the step when the page does not answer in time', async () => {
    const { signal } = new AbortController();
    const failure = act('press Run', signal, 5, never);
    await expect(failure).rejects.toThrow(PageError);
    await expect(failure).rejects.toThrow('"press Run"');
  });

  it('names the step for what the browser refuses, without the log of the call', async () => {
    const { signal } = new AbortController();
    const refused = new Error('Timeout 5000ms exceeded\n=== logs ===\nwaiting');
    const failure = act('attach files', signal, 1000, () => Promise.reject(refused));
    await expect(failure).rejects.toThrow(PageError);
    await expect(failure).rejects.toThrow(/"attach files": Timeout 5000ms exceeded$/);
  });

  it('ends at once, with its reason, when the signal aborts', async () => {
    const cancel = new AbortController();
    const failure = act('press Run', cancel.signal, 60_000, never);
    cancel.abort(new Error('cancelled'));
    await expect(failure).rejects.toThrow('cancelled');
  });
});
