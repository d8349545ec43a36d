import { acceptDroppedFiles, createAddMedia } from './add-media.ts';
import { type App } from './app.ts';
import { areUploaded, type Attachment, type Attachments } from './attachments.ts';
import { delay, field, fill, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { createMediaPreview } from './media-preview.ts';
import { preferences } from './preferences.ts';
import { createRunButton } from './run-button.ts';
import { createStore, type Store } from './store.ts';
import { createToolsMenu } from './tools-menu.ts';

/** Where the prompt is written and run (page.md §4). */
export interface PromptBox {
  readonly element: HTMLElement;
  /** What stands in the box. */
  readonly text: Store<string>;
  focus(): void;
  clear(): void;
}

/** What the box does. */
export interface PromptActions {
  /** Gets what stood in the box, which leaves it at once. */
  readonly onRun: (text: string, files: readonly Attachment[]) => void;
  readonly onStop: () => void;
}

const TALLEST = 320;
const LONG = 10_000;
const LATE_MS = 3000;
const SLOW_ENABLE_MS = 6000;

/** Makes the prompt box. */
export function createPromptBox(
  app: App,
  attachments: Attachments,
  actions: PromptActions,
): PromptBox {
  const { live, marks, runState } = app;
  const text = createStore('');
  const box = field(marks.promptText, {
    rows: 1,
    placeholder: 'Start typing a prompt, use alt + enter to append',
    spellcheck: 'false',
  });
  const sizer = h('ms-autosize-textarea', {}, box);
  const canRun = watchRunnable(app, text, attachments);

  const setText = (value: string): void => {
    text.set(value);
    setAttribute(sizer, 'data-value', value);
    fit(value);
  };
  /** As tall as the text; measuring a long one would take seconds, and it fills the box anyway. */
  const fit = ({ length }: string): void => {
    box.style.height = 'auto';
    const height = length > LONG ? TALLEST : Math.min(box.scrollHeight, TALLEST);
    box.style.height = `${height}px`;
  };
  const clear = (): void => {
    box.value = '';
    setText('');
    attachments.clear();
  };
  const run = (): void => {
    if (!canRun.value || runState.value !== 'idle' || live.take('click-ignored')) return;
    const prompt = text.value;
    const files = attachments.list.value;
    const send = (): void => {
      clear();
      actions.onRun(prompt, files);
    };
    if (live.take('late-click')) window.setTimeout(send, LATE_MS);
    else send();
  };
  box.addEventListener('input', () => setText(box.value));
  box.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.altKey) return;
    const isSend =
      preferences.value.enterKeyBehavior === 1 ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (!isSend) return;
    event.preventDefault();
    run();
  });

  const tools = app.variant === 'u3' ? createToolsMenu(app) : undefined;
  const container = h(
    'div.prompt-box-container',
    {},
    createMediaPreview(app, attachments),
    h('div.text-wrapper', {}, sizer),
    tools?.chips,
    h(
      'div.actions',
      {},
      createAddMedia(app, attachments),
      tools?.button,
      h('span.filler'),
      keyButton(app),
      tokenCount(app),
      createRunButton(app, canRun, { onRun: run, onStop: actions.onStop }),
    ),
  );
  acceptDroppedFiles(app, attachments, container);
  const element = h(marks.promptBox, {}, container);
  return { element, text, focus: () => box.focus(), clear };
}

/** Whether there is something to run, and nothing that must be waited for. */
function watchRunnable(app: App, text: Store<string>, attachments: Attachments): Store<boolean> {
  const { live, isVoting, isCounting } = app;
  const canRun = createStore(false);
  let latest = 0;
  const check = async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    const files = attachments.list.value;
    const isReady =
      (text.value !== '' || files.length > 0) &&
      areUploaded(files) &&
      !isVoting.value &&
      !isCounting.value &&
      !live.isOn('run-disabled');
    if (!isReady) return canRun.set(false);
    await delay(live.isOn('run-slow-to-enable') ? SLOW_ENABLE_MS : live.timing.runEnable);
    if (mine === latest) canRun.set(true);
  };
  const watched = [text, attachments.list, isVoting, isCounting, live];
  for (const each of watched) each.watch(() => void check());
  return canRun;
}

function tokenCount({ tokenTotal, settings, marks }: App): HTMLElement {
  const count = h(marks.tokenCount);
  const show = (): void => {
    const limit = settings.value.model?.inputLimit ?? 0;
    const total = tokenTotal.value.toLocaleString('en');
    count.textContent = `${total} / ${limit.toLocaleString('en')} tokens`;
  };
  tokenTotal.watch(show);
  settings.watch(show);
  return h('ms-token-count', {}, count);
}

/** Paid models ask for a key (page.md §4). */
function keyButton({ settings }: App): HTMLElement {
  const button = h(
    'button.paid-api-key-button[aria-label="No API key selected"]',
    {},
    icon('vpn_key'),
  );
  const place = h('span.key-place');
  settings.watch(({ model }) => fill(place, model?.isPaid && button));
  return place;
}
