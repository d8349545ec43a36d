import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { type JobEvent, type Plan, PLAIN_SETTINGS } from '@aistudio/core';
import { collect, noFiles, silentLog } from '@aistudio/testing';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type Browser, launchBrowser } from '../../packages/browser-driver/src/browser/browser.ts';
import { openTab, type Tab } from '../../packages/browser-driver/src/page/tab.ts';
import { type Slot } from '../../packages/browser-driver/src/slots/slot.ts';
import { createDomTier } from '../../packages/browser-driver/src/tiers/dom-tier.ts';
import { createPhases } from '../../packages/browser-driver/src/tiers/phases.ts';
import { PromptRendering } from '../../packages/browser-driver/src/tools/prompt-rendering.ts';
import { atEnd, keepForAll } from '../support/keep.ts';
import { Simulator } from '../support/simulator.ts';

const SIM = fileURLToPath(new URL('../../packages/studio-sim/src/main.ts', import.meta.url));
const HOSTS = [
  'aistudio.google.com',
  'accounts.google.com',
  'alkalimakersuite-pa.clients6.google.com',
  'waa-pa.clients6.google.com',
  'www.gstatic.com',
];

/** A page that has lost one of its buttons. */
const without = (css: string): string => `
  new MutationObserver(() => document.querySelectorAll('${css}').forEach((node) => node.remove()))
    .observe(document, { subtree: true, childList: true });`;
/** The page as it is for somebody who did not choose to see the source of answers. */
const RENDERED = `${without('[data-test-raw-mode]')}
  const key = 'aiStudioUserPreference';
  const preferences = JSON.parse(localStorage.getItem(key) ?? '{}');
  localStorage.setItem(key, JSON.stringify({ ...preferences, rawModeEnabled: false }));`;
const EDIT = '.toggle-edit-button';
const OPTIONS = 'ms-chat-turn-options';

const MARKDOWN = `# Title  \n\nA [link](http://x.y "t"), \`code\`, **bold**, un*bel*ievable, &copy; \\* esc\n\n$$\nx^2\n$$\n\n<b>html</b>\n\n1. one\n   - two  \n\n| a | b |\n|--:|---|\n| 1 | 2 |\n\n\`\`\`ts\n  const a = ['<b>'];\t\n\`\`\`\n\n    indented   \n\n`;

let sim: ChildProcess;
let simulator: Simulator;
let browser: Browser;

const keep = keepForAll();
beforeAll(async () => {
  sim = fork(SIM, {
    execArgv: ['--conditions=source', '--import', 'tsx'],
    env: { ...process.env, SIM_PORT: '0', SIM_CONTROL_PORT: '0', LOG_LEVEL: 'error' },
  });
  const ended = once(sim, 'exit');
  keep(atEnd(() => sim.kill('SIGTERM') && ended));
  const [ready] = (await once(sim, 'message')) as [Record<string, unknown>];
  simulator = new Simulator(`http://127.0.0.1:${String(ready['controlPort'])}`);
  const address = `127.0.0.1:${String(ready['port'])}`;
  browser = await launchBrowser(
    {
      chromiumPath: undefined,
      isHeadless: true,
      pins: [String(ready['caSpki'])],
      resolve: Object.fromEntries(HOSTS.map((host) => [`${host}:443`, address])),
    },
    silentLog,
  );
});

beforeEach(async () => {
  await simulator.clear();
});

interface AskOptions {
  /** What runs in the page. */
  readonly scripts?: readonly string[];
  readonly hasEvidence?: boolean;
  /** What is asked on the same page before. */
  readonly before?: string;
}

/** All that the DOM tier says of one prompt, on a page of its own. */
async function ask(prompt: string, options: AskOptions = {}): Promise<JobEvent[]> {
  const { scripts = [], hasEvidence = false, before } = options;
  const tab = await openTab(browser, { proxy: undefined, profile: undefined, hasEvidence });
  try {
    for (const script of scripts) await tab.studio.page.context().addInitScript(script);
    const signal = AbortSignal.timeout(40_000);
    await tab.studio.open(signal);
    if (before !== undefined) await askOn(tab, before, signal);
    return await askOn(tab, prompt, signal);
  } finally {
    await tab.close();
  }
}

async function askOn(tab: Tab, prompt: string, signal: AbortSignal): Promise<JobEvent[]> {
  await tab.studio.newChat(signal);
  const plan: Plan = {
    model: 'gemini-2.5-flash',
    turns: [{ role: 'user', parts: [{ type: 'text', text: prompt }] }],
    settings: PLAIN_SETTINGS,
  };
  const assignment = {
    plan,
    readFile: noFiles,
    rendering: new PromptRendering(plan, undefined),
    model: undefined,
    slot: slotOf(tab),
    phases: createPhases(),
    requireTurn: () => Promise.resolve(),
    log: silentLog,
  };
  return collect(createDomTier({ firstTokenMs: 5000, silenceMs: 5000 }).answer(assignment, signal));
}

const slotOf = ({ studio, evidence, lost }: Tab): Slot => ({
  id: 'test',
  page: studio,
  captures: undefined,
  evidence,
  lost,
  bypassProxy: async () => undefined,
  requireRecovery: () => undefined,
  accepted: () => undefined,
  refused: () => undefined,
  keepEvidence: async () => undefined,
});

const textOf = (events: readonly JobEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('');
const piecesOf = (events: readonly JobEvent[]): number =>
  events.filter(({ type }) => type === 'text').length;
const directive = (answer: Record<string, unknown>): string => `@sim ${JSON.stringify(answer)}`;

describe('the DOM tier on a page that renders answers', () => {
  it.each([true, false])(
    'tells the model’s markdown exactly (what the page receives is known: %s)',
    async (hasEvidence) => {
      const prompt = directive({ text: MARKDOWN, thoughts: '*Hm.*\n', chunks: 20, delayMs: 20 });
      const events = await ask(prompt, { scripts: [RENDERED], hasEvidence });
      expect(textOf(events)).toBe(MARKDOWN);
      expect(piecesOf(events)).toBe(1); // held until its source is known
      expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    },
  );

  it('tells text, calls and what comes between them apart', async () => {
    const prompt = directive({ text: 'I *look*.', toolCalls: [{ name: 'get_time', args: {} }] });
    const events = await ask(prompt, { scripts: [RENDERED] });
    expect(textOf(events)).toBe('I *look*.');
    expect(events.at(-2)).toMatchObject({ type: 'tool_call', name: 'get_time', arguments: '{}' });
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'tool_calls' });
  });

  it.each(['OK', 'FAILED'])(
    'writes code that was run (%s) as the stream of the page has it',
    async (outcome) => {
      const code = { source: 'print("*1*")\n', outcome, output: '*1*\n' };
      const prompt = directive({ code, text: 'It *says* one.\n' });
      const shown = await ask(prompt, { scripts: [RENDERED] });
      const received = await ask(prompt, { scripts: [RENDERED], hasEvidence: true });
      expect(textOf(shown)).toBe(textOf(received));
      expect(textOf(shown)).toContain('```python\nprint("*1*")\n```');
    },
  );

  it.each([
    ['SAFETY', 'Half an answer'],
    ['PROHIBITED_CONTENT', ''],
  ])('ends an answer that was held back (%s) as that', async (finish, text) => {
    const events = await ask(directive({ text, finish }), { scripts: [RENDERED] });
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'content_filter' });
  });

  it('copies the markdown where no turn can be edited', async () => {
    const scripts = [RENDERED, without(EDIT)];
    expect(textOf(await ask(directive({ text: MARKDOWN }), { scripts }))).toBe(MARKDOWN);
  });

  it('says so rather than tell a rendering where the page gives no source away', async () => {
    const scripts = [RENDERED, without(EDIT), without(OPTIONS)];
    await expect(ask(directive({ text: MARKDOWN }), { scripts })).rejects.toMatchObject({
      code: 'upstream_error',
    });
  });
});

describe('the DOM tier on a page that shows the source of answers', () => {
  it('streams it, and takes it as it is where the page gives no other source away', async () => {
    const scripts = [without(EDIT), without(OPTIONS)];
    const events = await ask(directive({ text: MARKDOWN, chunks: 20, delayMs: 100 }), { scripts });
    expect(textOf(events)).toBe(MARKDOWN);
    expect(piecesOf(events)).toBeGreaterThan(5);
  });

  it('is told the end by what the page receives, though the page never shows any of it', async () => {
    await simulator.setFaults({ 'stuck-spinner': true });
    const events = await ask('echo: unseen', { hasEvidence: true });
    expect(textOf(events)).toBe('unseen');
  });

  it('gives up on a page that shows nothing more', async () => {
    await simulator.setFaults({ 'stuck-spinner': true });
    await expect(ask('echo: unseen')).rejects.toMatchObject({ code: 'timeout' });
  });

  it('tells all of an answer that the page renders late', async () => {
    await simulator.setFaults({ 'throttled-rendering': true });
    expect(textOf(await ask(directive({ text: MARKDOWN, chunks: 30 })))).toBe(MARKDOWN);
  });

  it('knows by what the page receives that it goes on generating for nothing', async () => {
    await simulator.setFaults({ 'stays-generating': true });
    expect(textOf(await ask('echo: done', { hasEvidence: true }))).toBe('done');
  });

  it.each([
    ['quota', 'rate_limit_exceeded'],
    ['out-of-generations', 'rate_limit_exceeded'],
    ['rate-limit-then-hang', 'rate_limit_exceeded'],
    ['permission-denied', 'upstream_error'],
    ['internal-error', 'upstream_error'],
    ['error-toast', 'upstream_error'],
  ])('understands what the page says of %s', async (fault, code) => {
    await simulator.setFaults({ [fault]: true });
    const failing = ask('echo: no').then((events) => {
      const last = events.at(-1);
      return last?.type === 'error' ? last.error.code : last?.type;
    });
    await expect(failing.catch((error: { code: string }) => error.code)).resolves.toBe(code);
  });

  it('says that an answer broke off when the page complains in the middle of it', async () => {
    const answer = { text: 'one two three four ', chunks: 4, delayMs: 400, dropAfterChunks: 2 };
    const events = await ask(directive(answer));
    expect(textOf(events)).toMatch(/^one/);
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      error: { status: 502, code: 'upstream_interrupted' },
    });
  });

  it('does not take an old complaint for a new one', async () => {
    const error = { status: 429, code: 8, message: 'You exceeded your current quota.' };
    const events = await ask('echo: fine', { before: directive({ error }) });
    expect(textOf(events)).toBe('fine');
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  it('takes no notice of what the page says of something else', async () => {
    await simulator.setFaults({ 'unrelated-toast': true, 'jserror-noise': true });
    expect(textOf(await ask('echo: fine'))).toBe('fine');
  });
});
