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

  it('ends at once, with its reason, when the signal aborts', async () => {
    const cancel = new AbortController();
    const failure = act('press Run', cancel.signal, 60_000, never);
    cancel.abort(new Error('cancelled'));
    await expect(failure).rejects.toThrow('cancelled');
  });
});
