import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { sim } from '../support/asking.ts';
import { NEW_CHAT, openSimulatedPage, type SimulatedPage } from '../support/simulated-page.ts';

const OVER_INTERACTIONS = 'gemini-omni-flash-preview';
const IN_THE_BACKGROUND = 'deep-research-preview';

/** What a log entry says of a request. */
interface Entry {
  readonly rpc: string;
  readonly raw: unknown[];
  readonly decoded: unknown;
}

let simulated: SimulatedPage;

beforeAll(async () => {
  simulated = await openSimulatedPage();
});

afterAll(async () => {
  await simulated?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await simulated.call('DELETE', '/faults');
  await simulated.call('DELETE', '/log');
});

/** The requests for an answer, oldest first. */
const requests = async (): Promise<Entry[]> => {
  const log: Entry[] = await simulated.call('GET', '/log');
  return log.filter(({ rpc }) => /GenerateContent|Interaction/.test(rpc));
};
const asked = async (): Promise<string[]> => (await requests()).map(({ rpc }) => rpc);

/** Opens an empty chat with a model. */
async function open(model: string): Promise<void> {
  await simulated.page.goto(`${NEW_CHAT}?model=${model}`);
  await simulated.page.locator('[data-test-id="model-name"]', { hasText: model }).waitFor();
}

async function run(prompt: string): Promise<void> {
  await simulated.page.locator('ms-prompt-box textarea').fill(prompt);
  await simulated.page.locator('ms-run-button button[aria-disabled="false"]').click();
}

/** Presses Run and waits until the answer is complete; gives the text of the last turn. */
async function ask(prompt: string): Promise<string> {
  const finished = simulated.page.getByRole('button', { name: 'Good response' });
  const before = await finished.count();
  await run(prompt);
  await finished.nth(before).waitFor({ state: 'attached' });
  return (await simulated.page.locator('ms-chat-turn').last().textContent()) ?? '';
}

describe('bundle C1: the simulated page asks a model as its record says', () => {
  it('over CreateInteractionStream, and continues by the interaction’s id', async () => {
    await open(OVER_INTERACTIONS);
    expect(await ask(sim({ text: 'first answer', thoughts: 'Hm.' }))).toContain('first answer');
    expect(await ask(sim({ text: 'second answer' }))).toContain('second answer');
    expect(await asked()).toEqual(['CreateInteractionStream', 'CreateInteractionStream']);
    const [first, second] = await requests();
    expect(first?.decoded).toMatchObject({ attestation: 'valid', previousId: null });
    expect(second?.decoded).toMatchObject({ attestation: 'valid', previousId: expect.any(String) });
  });

  it('in the background over CreateInteraction, then GetInteractionStream', async () => {
    await open(IN_THE_BACKGROUND);
    expect(await ask('echo: the report')).toContain('the report');
    expect(await asked()).toEqual(['CreateInteraction', 'GetInteractionStream']);
  });

  it('and cancels an interaction on Stop', async () => {
    await open(OVER_INTERACTIONS);
    await run(sim({ text: 'one two three', chunks: 3, stallAfterChunks: 4 }));
    await simulated.page.getByText('one', { exact: true }).waitFor();
    await simulated.page.locator('ms-run-button button.stoppable').click();
    await simulated.page
      .getByRole('button', { name: 'Good response' })
      .waitFor({ state: 'attached' });
    expect(await asked()).toEqual(['CreateInteractionStream', 'CancelInteraction']);
  });

  it('and words a failure by the call that failed', async () => {
    await simulated.call('POST', '/faults', { quota: 1 });
    await open(OVER_INTERACTIONS);
    await run('echo: nothing');
    const toast = simulated.page.locator('ms-toast').first();
    await toast.waitFor({ state: 'attached' });
    expect(await toast.textContent()).toContain(
      'Failed to create interaction stream: user has exceeded quota',
    );
  });
});

describe('GenerateContent of the simulated page', () => {
  it('bundle C2: shows the status that stands behind frames', async () => {
    await simulated.call('POST', '/faults', { 'quota-after-frames': 1 });
    await open('gemini-2.5-flash');
    expect(await ask(sim({ text: 'abcdef', chunks: 4 }))).toContain('reached your rate limit');
  });

  it('sends the previous response id with the next turn of a chat, and none with the first', async () => {
    await open('gemini-2.5-flash');
    await ask('echo: one');
    await ask('echo: two');
    const [first, second] = await requests();
    expect(first?.raw[11] ?? null).toBeNull();
    expect(second?.raw[11]).toEqual(expect.stringMatching(/^v1_/));
  });

  it('is let in over the browser’s own connection where only that is', async () => {
    await simulated.call('POST', '/faults', { 'refuse-proxied': true });
    await open('gemini-2.5-flash');
    expect(await ask('echo: let in')).toContain('let in');
  });

  it('shows an answer some of whose parts are unknown', async () => {
    await simulated.call('POST', '/faults', { 'unknown-parts': 1 });
    await open('gemini-2.5-flash');
    expect(await ask('echo: shown')).toContain('shown');
  });
});
