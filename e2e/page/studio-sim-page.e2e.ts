import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Page } from 'playwright';

import { NEW_CHAT, openSimulatedPage, type SimulatedPage } from '../support/simulated-page.ts';

/** What the page of September 2026 holds as it opens, with how many of each (page.md §1–§8). */
const STRUCTURE: Readonly<Record<string, number>> = {
  'html[lang="de"][dir="ltr"]': 1,
  'body.dark-theme > #glue-cookie-notification-bar-1:first-child[aria-hidden="true"][inert]': 1,
  '#glue-cookie-notification-bar-1 > button': 1,
  'app-root > ms-app .banner-and-app-container > button.skip-content': 1,
  'ms-global-banner:empty, ms-omnibar:empty': 2,

  'ms-navbar-v2 .nav-content.v3-left-nav.expanded': 1,
  'ms-navbar-v2 a.playground-link.active[href="/prompts/new_chat"]': 1,
  'ms-navbar-v2 button[aria-label="Collapse navigation menu"]': 1,
  'ms-navbar-v2 [data-test-id="settings-menu"]': 1,
  'button.account-switcher-button > span.account-switcher-text': 1,
  'ms-account-switcher #account-switcher-button div[role="button"][aria-label^="Google-Konto: "]': 1,

  '[role="main"].layout-wrapper ms-prompt-renderer > ms-chunk-editor > section.chunk-editor-main': 1,
  'ms-playground-toolbar > ms-header > .toolbar-left h1.mode-title': 1,
  'ms-playground-toolbar p.token-container > ms-token-count > .token-count-container:empty': 1,
  'ms-header > .toolbar-right button[aria-label="Share prompt"][aria-disabled="true"]': 1,
  'ms-header > .toolbar-right button[data-test-compare]': 1,
  'button[data-test-clear="outside"][aria-label="New chat"][aria-disabled="true"]:not([disabled])': 1,
  '.overflow-menu-wrapper > button[aria-label="View more actions"][aria-haspopup="menu"]': 1,
  'ms-incognito-mode-toggle': 0,
  '.toggles-container button': 0,
  'ms-paid-api-key-callout > .api-callout-container:empty': 1,

  '.chat-container > .chat-view-container.zero-state > ms-zero-state': 1,
  'ms-model-grid[aria-label="Model category grid"] button.category-card[data-test-category-id]': 6,
  'ms-button-toggle [role="radiogroup"] button[data-value]': 2,

  'footer ms-prompt-box .prompt-box-container > .textarea-row > .text-wrapper > textarea': 1,
  'textarea[aria-label="Enter a prompt"][formcontrolname="promptText"][rows="1"]': 1,
  'ms-autosize-textarea': 0,
  'ms-add-media-button > button[data-test-id="add-media-button"][data-test="selectMediaMenu"]': 1,
  'ms-add-media-button > input[type="file"][data-test-upload-file-input][multiple]': 1,
  'ms-paid-api-key-button > button[aria-label="No API key selected"][aria-disabled="false"]': 1,
  'ms-prompt-box-tools > button[aria-label="Open tools menu"][aria-haspopup="dialog"]': 1,
  '.enabled-tool-container .enabled-tool > .tool-chip-button > .tool-name': 1,
  '.enabled-tool > button[aria-label="Remove Grounding with Google Search"]': 1,
  'ms-stt-button > button[aria-label="Speech to text"]': 1,
  'ms-run-button > button.ctrl-enter-submits.ms-button-primary[aria-disabled="true"]': 1,
  'ms-run-button > button:is([type], [aria-label], [disabled])': 0,
  'ms-run-button > button > .run-button-label, ms-run-button > button > .secondary-key': 2,

  'ms-right-side-panel > .content-container > ms-run-settings.expanded': 1,
  'ms-run-settings .overlay-header button[aria-label="Close run settings panel"]': 1,
  'ms-run-settings .overlay-header #getCodeBtn, ms-run-settings #resetSettingsBtn': 2,
  'ms-model-selector button.model-selector-card > [data-test-id="model-name"]': 1,
  '.model-selector-trigger': 0,
  'ms-sliding-right-panel:empty': 3,
  'ms-model-selector > ms-sliding-right-panel': 2,
  'ms-system-instructions-panel > ms-sliding-right-panel': 1,
  'ms-system-instructions-panel button[data-test-system-instructions-card]': 1,
  'ms-thinking-level-setting mat-select[aria-label="Thinking Level"]': 1,
  '.settings-group-header.expanded > .item-about > button.expand-icon': 2,
  '.settings-item.settings-tool mat-slide-toggle button[role="switch"].mdc-switch': 6,
  'ms-browse-as-a-tool button[role="switch"][aria-label="Browse the url context"]': 1,
  '[data-test-id="editJsonSchemaButton"][aria-disabled="true"]:not([disabled])': 1,
  '.edit-function-declarations-button[aria-disabled="true"]:not([disabled])': 1,
  '[data-test-id="mediaResolution"] mat-select': 1,
  'button.edit-safety-button': 1,
  'input#chip-input[aria-label="Add stop sequence"][placeholder="Add stop..."][required]': 1,
  'mat-chip-grid[aria-label="End Tokens"]': 1,
  'input[name="maxOutputTokens"][type="number"][aria-label="Maximum output tokens"][min="1"]': 1,
  '[data-test-id="temperatureSliderContainer"], [data-test-id="topPSliderContainer"]': 0,

  '.cdk-overlay-container': 0,
  '.cdk-describedby-message-container[style*="hidden"] > [role="tooltip"]': 23,
};

let sim: SimulatedPage;
let page: Page;

beforeAll(async () => {
  sim = await openSimulatedPage();
  page = sim.page;
});

afterAll(async () => sim?.[Symbol.asyncDispose]());

beforeEach(async () => {
  await page.goto(`${NEW_CHAT}?model=gemini-3.8-flash`);
  await page.getByText('gemini-3.8-flash', { exact: true }).waitFor();
});

afterEach(async () => {
  await sim.call('DELETE', '/faults');
  await page.goto('about:blank');
});

async function settle(): Promise<void> {
  await page.locator('.enabled-tool').waitFor();
  await page.locator('[data-test-id="googleMapsTooltip"]').waitFor();
}

async function openMenu(): Promise<void> {
  await page.click('button[aria-label="View more actions"]');
  await page.locator('[role="menu"]').waitFor();
}

async function run(text: string): Promise<void> {
  await page.fill('textarea', text);
  await page.locator('ms-run-button > button[aria-disabled="false"]').click();
  await page.getByRole('button', { name: 'Good response' }).waitFor();
}

describe('the page of September 2026', () => {
  it('has the structure that was seen, and nothing that was not', async () => {
    await page
      .waitForFunction(
        (wanted) =>
          Object.entries(wanted).every(
            ([selector, count]) => document.querySelectorAll(selector).length === count,
          ),
        STRUCTURE,
        { timeout: 10_000 },
      )
      .catch(() => undefined); // what is different is said below
    const counts = await page.evaluate(
      (selectors) =>
        Object.fromEntries(
          selectors.map((selector) => [selector, document.querySelectorAll(selector).length]),
        ),
      Object.keys(STRUCTURE),
    );
    expect(counts).toEqual(STRUCTURE);
    expect(await page.locator('.account-switcher-text').textContent()).toContain('@example.com');
  });

  it('shows a switch at once and what it unlocks later, in elements made anew', async () => {
    await page.goto(`${NEW_CHAT}?model=gemini-3.1-pro-preview`);
    await settle();
    const seen = await page.evaluate(async () => {
      const find = (selector: string) => document.querySelector<HTMLElement>(selector)!;
      const control = find('[aria-label="Function calling"]');
      const edit = find('.edit-function-declarations-button');
      control.click();
      const atOnce = [control.ariaChecked, edit.ariaDisabled];
      const begun = performance.now();
      while (find('.edit-function-declarations-button').ariaDisabled === 'true')
        await new Promise(requestAnimationFrame);
      return { atOnce, isKept: edit.isConnected, took: performance.now() - begun };
    });
    expect(seen).toMatchObject({ atOnce: ['true', 'true'], isKept: false });
    expect(seen.took).toBeLessThan(1000);
  });

  it('makes a turn anew, with its id, when it is put into edit view, and does not run meanwhile', async () => {
    await run('echo: *one*');
    const turn = page.locator('ms-chat-turn:last-of-type');
    const id = await turn.getAttribute('id');
    const held = await turn.elementHandle();
    await page.fill('textarea', 'more');
    await page.locator('ms-run-button > button[aria-disabled="false"]').waitFor();
    await turn.hover();
    await turn.getByRole('button', { name: 'Edit' }).click();
    await page.locator(`#${id} textarea`).waitFor();
    expect(await held?.evaluate((element) => element.isConnected)).toBe(false);
    await page.locator('ms-run-button > button[aria-disabled="true"]').waitFor();
    const description = await page.locator('ms-run-button button').getAttribute('aria-describedby');
    await page.locator(`#${description}`, { hasText: 'Please finish editing to run' }).waitFor({
      state: 'attached',
    });
  });

  it('shows turns as the fragments have them', async () => {
    await run('@sim {"text":"plain **bold** *italic*\\n\\n- item","thoughts":"**Title**"}');
    const found = await page.evaluate(() => {
      const count = (selector: string): number => document.querySelectorAll(selector).length;
      return {
        zeroState: count('.zero-state, ms-zero-state'),
        turns: count('ms-chat-turn > .chat-turn-container.code-block-aligner.render'),
        labels: count('ms-chat-turn .author-label[role="heading"]'),
        content: count('[data-turn-role="Model"] > .turn-content[msheightchanged]'),
        icon: count('mat-panel-title > img.thinking-progress-icon[alt="Thinking"]'),
        thoughts: count('.mat-expansion-panel-body ms-cmark-node p strong'),
        after: count('.mat-expansion-panel-content + div'),
        italic: count('.model ms-cmark-node p span[style*="italic"] > ms-cmark-node'),
        item: count('ms-cmark-node > ul > ms-cmark-node > li'),
        emphasis: count('em, .chunks, pre.raw-text'),
        pill: count('.turn-footer > .model-run-time-pill'),
      };
    });
    expect(found).toEqual({
      zeroState: 0,
      turns: 3,
      labels: 2, // of the two model turns only the first says who speaks
      content: 2,
      icon: 1,
      thoughts: 1,
      after: 1,
      italic: 1,
      item: 1,
      emphasis: 0,
      pill: 1,
    });
  });

  it('bundle C14: shows toasts as snack bars at the top, one at a time, with the kind on the callout', async () => {
    await sim.call('POST', '/faults', { 'permission-denied': 1, 'unrelated-toast': true });
    await page.locator('ms-toast').waitFor();
    await page.fill('textarea', 'x');
    await page.locator('ms-run-button > button[aria-disabled="false"]').click();
    const words = 'Failed to generate content: permission denied. Please try again.';
    await page.locator('ms-toast', { hasText: words }).waitFor();
    await page.locator('ms-chat-turn .model-error').waitFor();
    const callout = page.locator(
      '.cdk-overlay-container > [popover="manual"].cdk-overlay-popover:popover-open mat-snack-bar-container.ms-toast-snack-bar-container ms-toast > .toast > ms-callout.error-callout',
    );
    expect(await callout.count()).toBe(1);
    expect(await page.locator('ms-toast').count()).toBe(1);
    expect((await callout.boundingBox())?.y).toBeLessThan(60);
    await callout.getByRole('button', { name: 'Dismiss' }).click();
    await callout.waitFor({ state: 'detached' });
  });

  it('opens its panels in the top layer, not in the empty hosts', async () => {
    await page.click('button[data-test-system-instructions-card]');
    const panel = page.locator('.cdk-overlay-container .ms-sliding-right-panel-dialog');
    await panel.locator('textarea[aria-label="System instructions"]').fill('Be brief.');
    expect(await panel.locator('[mat-dialog-title].panel-header > .title').count()).toBe(1);
    expect(await page.locator('ms-sliding-right-panel:empty').count()).toBe(3);
    await panel.locator('button[aria-label="Close panel"][data-test-close-button]').click();
    await panel.waitFor({ state: 'detached' });
  });

  it('keeps a temporary chat, the model and the system instruction over New chat', async () => {
    await page.click('button[data-test-system-instructions-card]');
    await page.fill('textarea[aria-label="System instructions"]', 'Be brief.');
    await page.click('button[aria-label="Close panel"]');
    await openMenu();
    await page.click('[role="menu"] [data-test-incognito-toggle]');
    await page.locator('.zero-state > .incognito-container').waitFor();
    await run('echo: one');
    await page.click('button[aria-label="New chat"]');
    const dialog = page.locator('mat-dialog-container', { hasText: 'Create a new chat' });
    await dialog.getByRole('button', { name: 'Discard and continue' }).click();
    await page.locator('.zero-state > .incognito-container').waitFor();
    expect(await page.locator('.model-selector-card .title').textContent()).toBe(
      'Gemini 3.8 Flash',
    );
    await run('echo: two');
    expect((await sim.lastRequest()).decoded).toMatchObject({ systemInstruction: 'Be brief.' });
    expect((await sim.lastRequest()).decoded.contents).toHaveLength(1);
  });

  it('says that a turn was blocked inside a button', async () => {
    await run('@sim {"text":"","finish":"SAFETY"}');
    const note = page.locator('ms-prompt-feedback > button[iconname="warning"] > span');
    expect(await note.allTextContents()).toContain('Content blocked');
  });

  it('writes the chosen model into the address, and resets what belongs to a model', async () => {
    await page.click('.model-selector-card');
    await page.click('ms-model-carousel-row button[id$="models/gemini-2.5-flash"]');
    await page.waitForURL(/\?model=gemini-2\.5-flash$/);
    await page.reload();
    const id = page.locator('[data-test-id="model-name"]', { hasText: /^gemini-2\.5-flash$/ });
    await id.waitFor();
    expect(await id.count()).toBe(1);
  });

  it('makes a long text that is pasted a file, and says when that is uploaded', async () => {
    await page.evaluate(() => navigator.clipboard.writeText('long '.repeat(5000)));
    await page.click('textarea');
    await page.keyboard.press('Control+V');
    await page.locator('ms-toast .success-callout', { hasText: 'uploaded successfully' }).waitFor();
    expect(await page.inputValue('textarea')).toBe('');
    await page.locator('ms-prompt-media', { hasText: 'tokens' }).waitFor();
  });

  it.each(['consent-bar', 'promo', 'omnibar', 'survey'])('has %s lie over Run', async (fault) => {
    await sim.call('POST', '/faults', { [fault]: 1 });
    await page.waitForFunction(() => {
      const box = document.querySelector('ms-run-button > button')?.getBoundingClientRect();
      if (!box) return false;
      const x = box.x + box.width / 2;
      const y = box.y + box.height / 2;
      return document.elementFromPoint(x, y)?.closest('ms-run-button') === null;
    });
    expect(await page.locator('ms-run-button > button').isVisible()).toBe(true);
  });

  it('bundle C3, C4: sends a response as it is or as "response", each in a content of its own', async () => {
    await page.goto(`${NEW_CHAT}?model=gemini-3.1-pro-preview`);
    await settle();
    await run('@sim {"toolCalls":[{"name":"a","args":{"x":1}},{"name":"b","args":{}}]}');
    await sim.call('POST', '/scripts', { match: 'call b', steps: [{ text: 'done' }] });
    const chunks = page.locator('ms-function-call-chunk');
    for (const [index, text] of ['{"a":1}', '[2]'].entries()) {
      const field = chunks.nth(index).getByLabel('Enter a function response');
      await field.fill(text);
      await chunks.nth(index).locator('form > button[aria-disabled="false"]').click();
    }
    await page.getByRole('button', { name: 'Good response' }).nth(1).waitFor();
    const { raw } = await sim.lastRequest();
    const roles = raw[1].map(([, role]: [unknown, string]) => role);
    expect(roles).toEqual(['user', 'model', 'user', 'model', 'user']);
    const { contents } = (await sim.lastRequest()).decoded;
    expect(contents[2].parts).toEqual([
      expect.objectContaining({ functionResponse: expect.objectContaining({ name: 'a' }) }),
    ]);
    expect(JSON.stringify(contents[2].parts)).toContain('{"a":1}');
    expect(JSON.stringify(contents[4].parts)).toContain('{"response":[2]}');
  });
});
