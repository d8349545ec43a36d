import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright';

import { NEW_CHAT, openSimulatedPage, type SimulatedPage } from '../support/simulated-page.ts';

/** How to find what the test uses, where the generations of the page differ (page.md). */
const MARKS = {
  prompt: 'ms-prompt-box textarea[aria-label="Enter a prompt"]',
  run: 'ms-run-button button[aria-disabled="false"]',
  model: 'button.model-selector-card',
  row: 'button.content-button[id$="models/gemini-2.5-flash"]',
  temperature: '[data-test-id="temperatureSliderContainer"] input[type="number"]',
  search: 'button[aria-label="Grounding with Google Search"]',
};

let sim: SimulatedPage;
let page: Page;

beforeAll(async () => {
  sim = await openSimulatedPage();
  page = sim.page;
});

afterAll(async () => sim?.[Symbol.asyncDispose]());

afterEach(() => call('DELETE', '/faults'));

const call: SimulatedPage['call'] = (...asked) => sim.call(...asked);

const answered = async () =>
  page
    .locator('ms-chat-turn:last-of-type')
    .getByRole('button', { name: 'Good response' })
    .waitFor();

async function ask(text: string): Promise<void> {
  await page.fill(MARKS.prompt, text);
  await page.click(MARKS.run);
}

/** The model is known and the controls are there. */
async function loaded(): Promise<void> {
  await page.locator('[data-test-id="searchAsAToolTooltip"]').waitFor();
}

describe.each(['u3', 'u2'])('the %s page', (variant) => {
  it('sends what its controls show, and shows what it is sent', async () => {
    await call('POST', '/faults', { variant });
    await page.goto(NEW_CHAT);
    await loaded();
    await page.click(MARKS.model);
    await page.click(MARKS.row);
    await page.locator('[data-test-id="model-name"]', { hasText: 'gemini-2.5-flash' }).waitFor();
    await page.click('button[aria-label="System instructions"]');
    await page.fill('textarea[aria-label="System instructions"]', 'Be brief.');
    await page.click('button[aria-label="Close panel"]');
    await page.fill(MARKS.temperature, '0.25');
    await page.press(MARKS.temperature, 'Tab');
    await page.click(MARKS.search);
    await page.locator('button[aria-label="Function calling"]:enabled').waitFor();
    await ask('@sim {"text":"**Hello**","thoughts":"Hm."}');
    await answered();

    const { decoded } = await sim.lastRequest();
    expect(decoded).toMatchObject({
      model: 'gemini-2.5-flash',
      systemInstruction: 'Be brief.',
      temperature: 0.25,
      tools: { googleSearch: false },
      attestation: 'valid',
    });
    const answer = page.locator('ms-chat-turn:last-of-type ms-text-chunk');
    expect(await answer.locator('strong').textContent()).toBe('Hello');
    expect(await page.locator('.thought-activity-host').count()).toBe(1);
  });
});

describe('the simulator', () => {
  it.each(['xhr', 'fetch-string', 'fetch-stream'])('takes a body sent by %s', async (bodyMode) => {
    await call('POST', '/faults', { bodyMode });
    await page.goto(NEW_CHAT);
    await loaded();
    await ask('echo: sent');
    await answered();
    const last = page.locator('ms-chat-turn:last-of-type ms-text-chunk');
    expect(await last.textContent()).toBe('sent');
  });

  it('shows the answer as it comes, and ends it on Stop', async () => {
    await page.goto(NEW_CHAT);
    await loaded();
    await ask('@sim {"text":"one two three","chunks":3,"stallAfterChunks":1}');
    const answer = page.locator('ms-chat-turn:last-of-type ms-text-chunk');
    await answer.waitFor();
    expect(await answer.textContent()).toBe('one ');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('ms-run-button button.stoppable').waitFor({ state: 'detached' });
    expect(await sim.lastRequest()).toMatchObject({ endedBy: 'client' });
  });

  it('gives the exact markdown by edit view and by Copy as markdown', async () => {
    const markdown = '# T\n\n- a\n\n```js\nlet x;  \n```\n\n|a|\n|-|\n|$x$|\n';
    await page.goto(NEW_CHAT);
    await loaded();
    await ask(`@sim ${JSON.stringify({ text: markdown })}`);
    await answered();
    const turn = page.locator('ms-chat-turn:last-of-type');
    await turn.hover();
    await turn.getByRole('button', { name: 'Edit' }).click();
    await expect(turn.locator('textarea').inputValue()).resolves.toBe(markdown);
    await turn.getByRole('button', { name: 'Stop editing' }).click();
    await turn.getByRole('button', { name: 'Open options' }).click();
    await page.getByRole('menuitem', { name: 'Copy as markdown' }).click();
    await expect(page.evaluate(() => navigator.clipboard.readText())).resolves.toBe(markdown);
  });

  it('makes open pages show what is switched on, and signs in again', async () => {
    await page.goto(NEW_CHAT);
    await page.locator(MARKS.prompt).waitFor();
    await page.fill(MARKS.prompt, 'x');
    await page.locator(MARKS.run).waitFor();
    await call('POST', '/faults', { 'run-disabled': true });
    await page.locator(MARKS.run).waitFor({ state: 'detached' });
    await call('POST', '/faults', { 'signed-out': true, 'run-disabled': false });
    await page.click(MARKS.run);
    await page.getByRole('link', { name: 'Get started' }).click();
    await page.fill('input[type="email"]', 'someone@example.com');
    await page.fill('input[type="password"]', 'anything');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.locator(MARKS.prompt).waitFor();
    expect(page.url()).toContain(NEW_CHAT);
  });
});
