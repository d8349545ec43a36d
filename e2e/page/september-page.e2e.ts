import { silentLog } from '@aistudio/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type BrowserContext, type JSHandle, type Page } from 'playwright';

import { type Browser, launchBrowser } from '../../packages/browser-driver/src/browser/browser.ts';
import { meaningOf } from '../../packages/browser-driver/src/page/complaints.ts';
import { HOME, homeOf } from '../../packages/browser-driver/src/page/location.ts';
import { installPageKit, type PageKit } from '../../packages/browser-driver/src/page/page-kit.ts';
import { builtInKnowledge } from '../../packages/browser-driver/src/page/page-knowledge.ts';
import {
  ELEMENT_NAMES,
  type ElementName,
} from '../../packages/browser-driver/src/page/selectors.ts';
import { StudioPage } from '../../packages/browser-driver/src/page/studio-page.ts';
import { surveyPage } from '../../packages/browser-driver/src/page/survey.ts';
import { type Markup } from './markup.ts';
import {
  bar,
  dialog,
  mediaItem,
  modelPanel,
  slidingPanel,
  toast,
  turnMenu,
} from './september-overlays.ts';
import { ACCOUNT, type PageOptions, septemberPage } from './september-page.ts';
import {
  blockedByButton,
  blockedByContainer,
  call,
  failed,
  finished,
  grounding,
  label,
  question,
  ranCode,
  rawText,
  renderedText,
  thoughts,
  turn,
} from './september-turns.ts';

let browser: Browser;
let context: BrowserContext | undefined;

beforeAll(async () => {
  const options = { chromiumPath: undefined, isHeadless: true, pins: [], resolve: {} };
  browser = await launchBrowser(options, silentLog);
});
afterAll(async () => {
  await browser.close();
});
afterEach(async () => {
  await context?.close();
});

/** What answers clicks on the static page: a button closes its overlay after a moment. */
const CLOSING = `document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-closes]');
  if (!button) return;
  document.body.dataset.pressed = (document.body.dataset.pressed ?? '') + button.textContent.trim() + ';';
  setTimeout(() => button.closest('[data-overlay]')?.remove(), 100);
})`;

/** Serves the page at its own addresses, as a document that allows no text to become a script. */
async function serve(options: PageOptions = {}): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  const page = await context.newPage();
  await page.route('**/*', (route) =>
    [HOME, homeOf(2)].includes(route.request().url())
      ? route.fulfill({
          contentType: 'text/html; charset=utf-8',
          headers: { 'content-security-policy': "require-trusted-types-for 'script'" },
          body: septemberPage(options),
        })
      : route.abort(),
  );
  return page;
}

/** Shows the page. */
async function show(options: PageOptions = {}): Promise<{ page: Page; kit: JSHandle<PageKit> }> {
  const page = await serve(options);
  await page.goto(HOME);
  await page.evaluate(CLOSING);
  return { page, kit: await installPageKit(page, builtInKnowledge.current) };
}

/** Names that are sought inside another element only: what they find on a whole page says nothing. */
const INSIDE: ReadonlySet<ElementName> = new Set([
  'thoughtHeader',
  'thoughtBody',
  'callName',
  'image',
  'codeTitle',
  'codeText',
  'renderedNode',
  'furniture',
  'editTurn',
  'turnEditor',
  'turnOptions',
  'selectOption',
] as const);

/** For each name: whether the element that is found is the one that says it is that. */
async function findAll(kit: JSHandle<PageKit>): Promise<Record<string, string>> {
  return kit.evaluate(
    ({ dom }, names) =>
      Object.fromEntries(
        names.map((name) => {
          const right = document.querySelector(`[data-right="${name}"]`);
          const found =
            name === 'fileInput' ? dom.findHidden(name) : dom.find(name, 'gemini-3.8-flash');
          const verdict = found
            ? found === right
              ? 'found'
              : `wrong: ${found.outerHTML.slice(0, 100)}`
            : right
              ? 'missing'
              : 'absent';
          return [name, verdict];
        }),
      ),
    ELEMENT_NAMES.filter((name) => !INSIDE.has(name)),
  );
}

const faultsOf = (verdicts: Record<string, string>): string[] =>
  Object.entries(verdicts).flatMap(([name, verdict]) =>
    /^(missing|wrong)/.test(verdict) ? `${name} ${verdict}` : [],
  );

describe('the page of September 2026', () => {
  it('has every element where its selectors look, and none where there is none', async () => {
    const { page, kit } = await show();
    const verdicts = await findAll(kit);
    expect(faultsOf(verdicts)).toEqual([]);
    const found = Object.values(verdicts).filter((verdict) => verdict === 'found');
    expect(found.length).toBe(await page.locator('[data-right]').count());
  });

  it('is ready, though hosts of panels stand empty in it', async () => {
    const { kit } = await show();
    expect(await kit.evaluate(({ chat }) => chat.readiness())).toMatchObject({
      hasPrompt: true,
      hasModel: true,
      isCovered: false,
    });
    expect(await kit.evaluate(({ run }) => run.state())).toBe('disabled');
    expect(await kit.evaluate(({ chat }) => chat.startNew(500))).toBe(true);
    expect(await kit.evaluate(({ panel }) => panel.open(2000))).toBe(true);
  });

  it('shows its settings', async () => {
    const { kit } = await show();
    expect(await kit.evaluate(({ panel }) => panel.read())).toMatchObject({
      modelId: 'gemini-3.8-flash',
      modelTitle: 'Gemini 3.8 Flash',
      numbers: { maxOutputTokens: { value: 65_536, min: 1, max: 65_536 } },
      thinkingLevel: 'medium',
      stop: [],
      hasSystem: false,
      toggles: {
        structuredOutput: { isOn: false, isDisabled: false },
        codeExecution: { isOn: false, isDisabled: false },
        functionCalling: { isOn: false, isDisabled: true },
        googleSearch: { isOn: true, isDisabled: false },
        urlContext: { isOn: false, isDisabled: false },
        googleMaps: { isOn: false, isDisabled: false },
      },
    });
  });

  it('learns from the editor how the card of its system instructions looks without any', async () => {
    const { page, kit } = await show();
    await page.evaluate(() => {
      const card = document.querySelector<HTMLElement>('.system-instructions-card');
      const field = document.createElement('textarea');
      const showCard = (): void => {
        if (card) card.textContent = `Systemanweisungen ${field.value || 'Ton und Stil vorgeben'}`;
      };
      field.ariaLabel = 'System instructions';
      field.addEventListener('keydown', ({ key }) => {
        if (key !== 'Escape') return;
        field.remove();
        showCard();
      });
      card?.addEventListener('click', () => {
        document.body.append(field);
        field.focus();
      });
      showCard();
    });
    const enter = (text: string): Promise<unknown> =>
      kit.evaluate(
        async ({ apply }, wanted) => (await apply([{ type: 'system', text: wanted }])).problem,
        text,
      );
    const hasSystem = (): Promise<boolean | undefined> =>
      kit.evaluate(({ panel }) => panel.read().hasSystem);

    expect(await enter('')).toBeUndefined();
    expect(await hasSystem()).toBe(false);
    expect(await enter('Answer briefly.')).toBeUndefined();
    expect(await hasSystem()).toBe(true);
    expect(await enter('')).toBeUndefined();
    expect(await hasSystem()).toBe(false);
  });

  it('is stopped also where it shows Stop only a moment after Run, and is idle where it never does', async () => {
    const { page, kit } = await show();
    const stop = (): Promise<boolean> =>
      kit.evaluate(({ run }) => {
        run.expect();
        return run.stop(3000);
      });
    expect(await stop()).toBe(true); // the answer was over before it showed
    await page.evaluate(() => {
      const button = document.querySelector<HTMLElement>('ms-run-button button');
      button?.addEventListener('click', () => {
        button.classList.remove('stoppable');
        document.body.dataset['stopped'] = 'yes';
      });
      setTimeout(() => {
        button?.classList.add('stoppable');
        button?.setAttribute('aria-disabled', 'false');
      }, 300);
    });
    expect(await stop()).toBe(true);
    expect(await page.evaluate(() => document.body.dataset['stopped'])).toBe('yes');
  });

  it('shows an agent without an id', async () => {
    const { kit } = await show({ hasAgent: true });
    expect(faultsOf(await findAll(kit))).toEqual([]);
    const state = await kit.evaluate(({ panel }) => panel.read());
    expect([state.modelTitle, state.modelId]).toEqual(['Antigravity Agent Preview', undefined]);
  });

  it('takes files by the input that is always there', async () => {
    const { kit } = await show();
    const target = await kit.evaluate(({ upload }) => upload.open(500));
    expect(target).toEqual({ type: 'input', takesMany: true });
  });

  it('is opened at the address of the account that is wanted', async () => {
    const page = await serve();
    await new StudioPage(page, { home: homeOf(2) }).open(AbortSignal.timeout(20_000));
    expect(page.url()).toBe('https://aistudio.google.com/u/2/prompts/new_chat');
  });

  it('lets the doctor find all but what only its scripts open', async () => {
    const { page } = await show();
    const findings = await surveyPage(new StudioPage(page), AbortSignal.timeout(50_000));
    const missing = findings.flatMap(({ name, status }) => (status === 'missing' ? name : []));
    const behindScripts = new Set(['modelSearch', 'modelRow', 'systemInput', 'uploadItem']);
    expect(missing.filter((name) => !behindScripts.has(name))).toEqual([]);
  });
});

describe('a snapshot of the page', () => {
  const words = 'Question of a person';
  const overlays = [dialog('Signed in', `You are ${ACCOUNT.address}.`, 'Got it')];

  it('keeps nobody’s name, address or words', async () => {
    const { kit } = await show({ turns: [question(1, words)], overlays });
    const { html } = await kit.evaluate(({ evidence }) => evidence());
    for (const secret of [ACCOUNT.name, ACCOUNT.address, 'example.org', words]) {
      expect(html).not.toContain(secret);
    }
    expect(html).toContain('Run settings'); // the page's own words stay
  });
});

describe('what covers the page', () => {
  const cases: readonly [title: string, overlay: Markup, dealtWith: string[], pressed: string][] = [
    ['a panel', slidingPanel('Model selection'), ['side panel'], 'close;'],
    ['a notice', dialog('What is new', 'Something.', 'Got it!'), ['notice'], 'Got it;'],
    [
      'the question about unsaved changes',
      dialog('Unsaved Changes', 'You have unsaved changes.', 'Cancel', 'Leave!'),
      ['discard'],
      'Cancel;',
    ],
    [
      'the question whether to begin a new chat',
      dialog(
        'Create a new chat',
        'Content of your current prompt will be deleted, this action cannot be undone.',
        'Cancel',
        'Discard and continue!',
      ),
      ['discard'],
      'Cancel;',
    ],
    [
      'the question whether to switch the model, which nobody wanted',
      dialog('Switch model?', 'Content in current chat will be lost.', 'Cancel', 'Continue!'),
      ['unwanted switch of the model'],
      'Cancel;',
    ],
    [
      'a bar that wants to be understood',
      bar('.disclaimer-bar', 'We use this.', 'Understood'),
      ['consent bar'],
      'Understood;',
    ],
    ['a promotion', bar('.promo-card', 'Try the new model.', 'Dismiss'), ['promotion'], 'Dismiss;'],
  ];

  it('is nothing on an untouched page', async () => {
    const { kit } = await show();
    expect(await kit.evaluate(({ overlays }) => overlays.clear())).toEqual({ dealtWith: [] });
  });

  it.each(cases)('goes: %s', async (_, overlay, dealtWith, pressed) => {
    const { page, kit } = await show({ overlays: [overlay] });
    expect(await kit.evaluate(({ overlays }) => overlays.clear())).toEqual({ dealtWith });
    expect(await page.evaluate(() => document.body.dataset['pressed'])).toBe(pressed);
  });

  it('is continued when it asks about a switch of the model that is being made', async () => {
    const overlay = dialog('Switch model?', 'Do you want to continue?', 'Cancel', 'Continue!');
    const { page, kit } = await show({ overlays: [overlay] });
    const cleared = await kit.evaluate(({ overlays }) => overlays.clear('switch model'));
    expect(cleared).toEqual({ dealtWith: ['switch of the model'] });
    expect(await page.evaluate(() => document.body.dataset['pressed'])).toBe('Continue;');
  });

  it('can be left for a new chat by Leave', async () => {
    const overlay = dialog('Unsaved Changes', 'You have unsaved changes.', 'Cancel', 'Leave!');
    const { kit } = await show({ overlays: [overlay] });
    const name = await kit.evaluate(({ dom }) => dom.find('discardConfirm')?.textContent);
    expect(name).toBe('Leave');
  });
});

describe('the list of models', () => {
  it('does not lend its rows’ ids to the card, and says which row cannot be chosen', async () => {
    const { kit } = await show({ overlays: [modelPanel()] });
    const seen = await kit.evaluate(({ dom, panel }) => {
      const isDisabled = (id: string): boolean => {
        const row = dom.find('modelRow', id);
        return row !== undefined && dom.is(row, 'disabledRow');
      };
      return {
        id: panel.read().modelId,
        hasSearch: dom.find('modelSearch') !== undefined,
        disabled: ['gemini-3.8-flash', 'gemini-3-pro-preview', 'gemini-2.0-flash'].filter(
          isDisabled,
        ),
      };
    });
    expect(seen).toEqual({
      id: 'gemini-3.8-flash',
      hasSearch: true,
      disabled: ['gemini-2.0-flash'],
    });
  });
});

describe('a toast', () => {
  const DAILY =
    'You have reached the daily limit of requests for this model. Please select a different model, or try again tomorrow.';

  it.each(['File uploaded', 'File uploaded successfully'])(
    'of success (“%s”) is no refusal of an upload, and no complaint',
    async (words) => {
      const { kit } = await show({ overlays: [toast('success', words)] });
      expect(await kit.evaluate(({ upload }) => upload.untilDone(1, 300))).toEqual({
        type: 'unfinished',
        count: 0,
      });
      expect(await kit.evaluate(({ answer }) => answer.messages())).toEqual({
        inTurn: [],
        elsewhere: [],
      });
    },
  );

  it.each(['You can only add one image to the prompt.', 'Unsupported file type selected.'])(
    'of a refused upload is one: “%s”',
    async (words) => {
      const { kit } = await show({ overlays: [toast('warning', words)] });
      const result = await kit.evaluate(({ upload }) => upload.untilDone(1, 300));
      expect(result).toMatchObject({ type: 'refused', words: expect.stringContaining(words) });
    },
  );

  it.each([
    ['unsupported file.txt', '258 tokens', { type: 'done' }],
    ['cat.png', 'Token count failed', { type: 'refused', words: 'Token count failed' }],
    ['cat.xyz', 'Unsupported file', { type: 'refused', words: 'Unsupported file' }],
  ])(
    'bundle C16: is not needed where the file itself says it: %s, %s',
    async (name, state, result) => {
      const { kit } = await show({ media: [mediaItem(name, state)] });
      expect(faultsOf(await findAll(kit))).toEqual([]);
      expect(await kit.evaluate(({ upload }) => upload.untilDone(1, 300))).toEqual(result);
    },
  );

  it('that was there before an upload is not about it', async () => {
    const { kit } = await show({ overlays: [toast('error', 'Failed to upload file to Drive.')] });
    const result = await kit.evaluate(async ({ upload }) => {
      await upload.open(100);
      return upload.untilDone(1, 300);
    });
    expect(result).toEqual({ type: 'unfinished', count: 0 });
  });

  it('bundle C14: of an error is read once, by the class of its callout, and understood', async () => {
    const { kit } = await show({ overlays: [toast('error', DAILY)] });
    const messages = await kit.evaluate(({ answer }) => answer.messages());
    expect(messages.elsewhere).toEqual([DAILY]);
    expect(meaningOf(messages)).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  });
});

describe('turns of the page', () => {
  const model = (number: number, ...content: readonly Markup[]): Markup =>
    turn('Model', number, content, ...finished());

  /** What the answer's turns show. */
  async function segmentsOf(...turns: readonly Markup[]): Promise<unknown[]> {
    const { kit } = await show({ turns: [question(1, 'Why?'), ...turns] });
    const segments = await kit.evaluate(({ answer }) =>
      answer.turns().flatMap((shown) => answer.segmentsOf(shown, true)),
    );
    return segments.map(({ kind, text }) => [kind, text]);
  }

  it('keep thoughts and text apart, without labels, icons and sources', async () => {
    const turns = [
      model(2, label('Model'), thoughts('Hm.')),
      model(3, renderedText(), ...grounding()),
    ];
    expect(await segmentsOf(...turns)).toEqual([
      ['thought', 'Hm.'],
      ['text', 'plain bold italic'],
    ]);
  });

  it('show folded thoughts line by line, without unfolding them', async () => {
    const { page, kit } = await show({
      turns: [question(1, 'Why?'), model(2, thoughts('First.', 'Then.'))],
    });
    await page.evaluate(() => {
      document.addEventListener('click', () => (document.body.dataset['pressed'] = 'yes'));
    });
    const [segment] = await kit.evaluate(({ sources }) => sources.read(300));
    expect(segment).toEqual({ kind: 'thought', text: 'First.\n\nThen.', isSource: false });
    expect(await page.evaluate(() => document.body.dataset['pressed'])).toBeUndefined();
  });

  it('show raw text exactly', async () => {
    const source = '### source\n**kept** as it is\n';
    const { kit } = await show({ turns: [question(1, 'Why?'), model(2, rawText(source))] });
    const read = await kit.evaluate(({ sources }) => sources.read(300));
    expect(read).toEqual([{ kind: 'text', text: source, isSource: true }]);
  });

  it('show a call by its name and arguments', async () => {
    expect(await segmentsOf(model(2, call('get_time', '{\n  "city": "Zurich"\n}')))).toEqual([
      ['call', JSON.stringify(['get_time', '{\n  "city": "Zurich"\n}'])],
    ]);
  });

  it('show code that was run and its result, with or without a block around it', async () => {
    expect(await segmentsOf(model(2, ...ranCode('print(1)', '1\n')))).toEqual([
      ['code', JSON.stringify(['code', 'Code', 'print(1)'])],
      ['code', JSON.stringify(['result', '', '1\n'])],
    ]);
  });

  it.each([
    ['in a button', blockedByButton('Content blocked'), 'blocked'],
    ['in a container', blockedByContainer('Content not permitted.'), 'blocked'],
    ['and show ratings where nothing was held back', blockedByButton(''), undefined],
  ])('say that an answer is held back: %s', async (_, content, meaning) => {
    const { kit } = await show({ turns: [question(1, 'Why?'), model(2, label('Model'), content)] });
    const messages = await kit.evaluate(({ answer }) => answer.messages());
    expect(meaningOf(messages)?.type).toBe(meaning);
  });

  it('say how they failed, in the page’s words alone', async () => {
    const content = [label('Model'), failed('An internal error has occurred.')];
    const { kit } = await show({ turns: [question(1, 'Why?'), model(2, ...content)] });
    const messages = await kit.evaluate(({ answer }) => answer.messages());
    expect(messages.inTurn).toEqual(['An internal error has occurred.']);
  });

  it('have a menu that copies as markdown', async () => {
    const { kit } = await show({ turns: [model(2, renderedText())], overlays: [turnMenu()] });
    expect(await kit.evaluate(({ dom }) => dom.find('copyMarkdown')?.dataset['right'])).toBe(
      'copyMarkdown',
    );
  });
});

describe('the edit view of a turn', () => {
  /** Opens an editor `ms` after Edit is pressed, in a turn that is made anew each time. */
  const editing = (ms: number): string => `document.addEventListener('click', (event) => {
    const button = event.target.closest('.toggle-edit-button');
    if (!button) return;
    setTimeout(() => {
      const turn = button.closest('ms-chat-turn');
      const isOpen = turn.querySelector('ms-autosize-textarea') !== null;
      const fresh = turn.cloneNode(true);
      fresh.querySelector('.toggle-edit-button').setAttribute('aria-label', isOpen ? 'Edit' : 'Stop editing');
      const chunk = fresh.querySelector('ms-text-chunk');
      if (isOpen) chunk.replaceChildren(document.createElement('ms-cmark-node'));
      else {
        const editor = document.createElement('ms-autosize-textarea');
        const field = document.createElement('textarea');
        field.value = 'plain **bold** *italic*';
        editor.append(field);
        chunk.replaceChildren(editor);
      }
      turn.replaceWith(fresh);
    }, ${ms});
  })`;
  const isEditing = (page: Page): Promise<boolean> =>
    page.evaluate(() => document.querySelector('ms-autosize-textarea') !== null);
  const turns = [question(1, 'Why?'), turn('Model', 2, [renderedText()], ...finished())];

  it('gives the source away, though the page makes the turn anew', async () => {
    const { page, kit } = await show({ turns });
    await page.evaluate(editing(50));
    const read = await kit.evaluate(({ sources }) => sources.read(2000));
    expect(read).toEqual([{ kind: 'text', text: 'plain **bold** *italic*', isSource: true }]);
    expect(await isEditing(page)).toBe(false);
  });

  it('is closed again when it opens after it was given up', async () => {
    const { page, kit } = await show({ turns });
    await page.evaluate(editing(700));
    const read = await kit.evaluate(({ sources }) => sources.read(200));
    expect(read).toMatchObject([{ text: 'plain bold italic', isSource: false }]);
    await page.waitForSelector('ms-autosize-textarea', { timeout: 3000 });
    await page.waitForSelector('ms-autosize-textarea', { state: 'detached', timeout: 3000 });
  });
});
