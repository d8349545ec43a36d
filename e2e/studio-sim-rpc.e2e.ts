import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { sim } from './asking.ts';
import { openSimulatedPage, type SimulatedPage } from './simulated-page.ts';

const OVER_INTERACTIONS = 'gemini-omni-flash-preview';
const IN_THE_BACKGROUND = 'deep-research-preview';

let page: SimulatedPage;

beforeAll(async () => {
  page = await openSimulatedPage();
});

afterAll(async () => {
  await page?.[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await page.simulator.clear();
});

const asked = async (): Promise<string[]> => {
  const rpcs = await page.simulator.rpcs();
  return rpcs.filter((rpc) => /GenerateContent|Interaction/.test(rpc));
};

describe('bundle C1: the simulated page asks a model as its record says', () => {
  it('over CreateInteractionStream, and continues by the interaction’s id', async () => {
    await page.open(OVER_INTERACTIONS);
    await page.ask(sim({ text: 'first answer', thoughts: 'Hm.' }));
    expect(await page.lastTurn()).toContain('first answer');
    await page.ask('echo: second answer');
    expect(await page.lastTurn()).toContain('second answer');
    expect(await asked()).toEqual(['CreateInteractionStream', 'CreateInteractionStream']);
    const [first, second] = await page.simulator.decodedOf('CreateInteractionStream');
    expect(first).toMatchObject({ attestation: 'valid', previousId: null });
    expect(second).toMatchObject({ attestation: 'valid', previousId: expect.any(String) });
  });

  it('in the background over CreateInteraction, then GetInteractionStream', async () => {
    await page.open(IN_THE_BACKGROUND);
    await page.ask('echo: the report');
    expect(await page.lastTurn()).toContain('the report');
    expect(await asked()).toEqual(['CreateInteraction', 'GetInteractionStream']);
  });

  it('and cancels an interaction on Stop', async () => {
    await page.open(OVER_INTERACTIONS);
    await page.run(sim({ text: 'one two three', chunks: 3, stallAfterChunks: 4 }));
    await page.page.getByText('one').last().waitFor();
    await page.page.locator('ms-run-button button').click();
    await page.page.getByRole('button', { name: 'Good response' }).waitFor({ state: 'attached' });
    expect(await page.simulator.untilCalled('CancelInteraction')).toBe(true);
  });

  it('and words a failure by the call that failed', async () => {
    await page.simulator.setFaults({ quota: 1 });
    await page.open(OVER_INTERACTIONS);
    await page.run('echo: nothing');
    const toast = page.page.locator('ms-toast').first();
    await toast.waitFor({ state: 'attached' });
    expect(await toast.textContent()).toContain(
      'Failed to create interaction stream: user has exceeded quota',
    );
  });
});

describe('GenerateContent of the simulated page', () => {
  it('bundle C2: shows the status that stands behind frames', async () => {
    await page.simulator.setFaults({ 'quota-after-frames': 1 });
    await page.open('gemini-2.5-flash');
    await page.ask(sim({ text: 'abcdef', chunks: 4 }));
    expect(await page.lastTurn()).toContain('reached your rate limit');
  });

  it('sends the previous response id with the next turn of a chat, and none with the first', async () => {
    await page.open('gemini-2.5-flash');
    await page.ask('echo: one');
    await page.ask('echo: two');
    const [first, second] = await page.simulator.generateContent();
    expect(first?.[11] ?? null).toBeNull();
    expect(second?.[11]).toEqual(expect.stringMatching(/^v1_/));
  });

  it('is let in over the browser’s own connection where only that is', async () => {
    await page.simulator.setFaults({ 'refuse-proxied': true });
    await page.open('gemini-2.5-flash');
    await page.ask('echo: let in');
    expect(await page.lastTurn()).toContain('let in');
  });

  it('shows an answer some of whose parts are unknown', async () => {
    await page.simulator.setFaults({ 'unknown-parts': 1 });
    await page.open('gemini-2.5-flash');
    await page.ask('echo: shown');
    expect(await page.lastTurn()).toContain('shown');
  });
});
