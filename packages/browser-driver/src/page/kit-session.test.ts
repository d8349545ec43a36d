import { EventEmitter } from 'node:events';

import { describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright';

import { KitSession } from './kit-session.ts';
import { type PageKit } from './page-kit.ts';

/** A document's kit, as a handle of Playwright; it ends with its document. */
class FakeHandle {
  isGone = false;
  readonly kit = {
    refused: [],
    dom: { cancel: () => this.cancelled(), resume: () => this.calls.push('resume') },
  };
  readonly calls: string[] = [];
  cancelled = (): void => void this.calls.push('cancel');

  evaluate = async (work: (kit: unknown, argument: unknown) => unknown, argument?: unknown) => {
    if (this.isGone) throw new Error('Execution context was destroyed');
    return work(this.kit, argument);
  };
}

/** A page whose documents bring kits in. */
class FakePage extends EventEmitter {
  readonly documents: FakeHandle[] = [];
  isClosedNow = false;
  address = 'https://aistudio.google.com/prompts/new_chat';

  readonly mainFrame = (): this => this;
  readonly url = (): string => this.address;
  readonly isClosed = (): boolean => this.isClosedNow;
  readonly evaluate = async (): Promise<string> => this.address;
  readonly evaluateHandle = async (): Promise<FakeHandle> => {
    const document = new FakeHandle();
    this.documents.push(document);
    return document;
  };
  navigate(): void {
    for (const document of this.documents) document.isGone = true;
    this.emit('framenavigated', this);
  }
}

function start(): { page: FakePage; session: KitSession } {
  const page = new FakePage();
  return { page, session: new KitSession(page as unknown as Page) };
}
const never = new AbortController().signal;
const double = (_kit: PageKit, value: number): number => value * 2;

describe('a kit session', () => {
  it('brings the kit in once, and anew after another document has come', async () => {
    const { page, session } = start();
    expect(await session.run('step', double, 2, never)).toBe(4);
    expect(await session.run('step', double, 3, never)).toBe(6);
    expect(page.documents).toHaveLength(1);
    page.navigate();
    expect(await session.run('step', double, 4, never)).toBe(8);
    expect(page.documents).toHaveLength(2);
  });

  it('keeps the kit where the page moved within its document', async () => {
    const { page, session } = start();
    await session.run('step', double, 2, never);
    page.emit('framenavigated', page);
    await session.run('step', double, 2, never);
    expect(page.documents).toHaveLength(1);
  });

  it('ends soon after its signal, whatever the page does, and cancels what waits in it', async () => {
    const { page, session } = start();
    await session.run('step', double, 2, never);
    const client = new AbortController();
    const hanging = session.run('step', () => new Promise(() => undefined), 0, client.signal);
    client.abort(new Error('the client went away'));
    await expect(hanging).rejects.toThrow('the client went away');
    expect(page.documents[0]?.calls).toContain('cancel');
  });

  it('lets the page wait again after it was cancelled', async () => {
    const { page, session } = start();
    await session.run('step', double, 2, never);
    const client = new AbortController();
    const hanging = session.run('step', () => new Promise(() => undefined), 0, client.signal);
    client.abort(new Error('gone'));
    await expect(hanging).rejects.toThrow('gone');
    await session.run('step', double, 2, never);
    expect(page.documents.flatMap(({ calls }) => calls)).toEqual(['cancel', 'resume']);
  });

  it('says at which step the page failed, or that nobody is signed in any more', async () => {
    const { page, session } = start();
    const fail = (): never => {
      throw new Error('Target crashed');
    };
    await expect(session.run('press Run', fail, 0, never)).rejects.toMatchObject({
      name: 'PageError',
      step: 'press Run',
    });
    page.address = 'https://accounts.google.com/signin';
    await expect(session.run('press Run', fail, 0, never)).rejects.toMatchObject({
      code: 'not_signed_in',
    });
    page.isClosedNow = true;
    await expect(session.run('press Run', fail, 0, never)).rejects.toThrow('the browser closed');
  });

  it('does nothing for a signal that has aborted before', async () => {
    const { page, session } = start();
    await expect(
      session.run('step', double, 2, AbortSignal.abort(new Error('before'))),
    ).rejects.toThrow('before');
    expect(page.documents).toHaveLength(0);
  });
});
