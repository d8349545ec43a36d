import { acceptDroppedFiles, createAddMedia } from './add-media.ts';
import { type App } from './app.ts';
import { areUploaded, type Attachment, type Attachments } from './attachments.ts';
import { delay, field, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { createMediaPreview } from './media-preview.ts';
import { iconButton, msButton } from './ms-button.ts';
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
  /** Gets what stood in the box, which leaves it. */
  readonly onRun: (text: string, files: readonly Attachment[]) => void;
  /** Gets what is to be added to the chat without running. */
  readonly onAppend: (text: string) => void;
  readonly onStop: () => void;
}

const TALLEST = 210;
const LONG = 10_000;
const LATE_MS = 3000;
const SLOW_ENABLE_MS = 6000;

/** Makes the prompt box. */
export function createPromptBox(
  app: App,
  attachments: Attachments,
  actions: PromptActions,
): PromptBox {
  const { live, marks, runState, effects, variant } = app;
  const text = createStore('');
  const box = field(marks.promptText, {
    rows: 1,
    placeholder: 'Start typing a prompt to see what our models can do',
  });
  const sizer = variant === 'u3' ? box : h('ms-autosize-textarea', {}, box);
  const canRun = watchRunnable(app, text, attachments);

  const setText = (value: string): void => {
    text.set(value);
    if (variant !== 'u3') setAttribute(sizer, 'data-value', value);
    fit(value);
  };
  /** As tall as the text; measuring a long one would take seconds, and it fills the box anyway. */
  const fit = ({ length }: string): void => {
    box.style.height = 'auto';
    const height = length > LONG ? TALLEST : Math.min(box.scrollHeight, TALLEST);
    box.style.height = `${height}px`;
  };
  /** What was sent is gone at once; that the box is empty shows a moment later. */
  const clear = (): void => {
    const sent = box.value;
    text.set('');
    attachments.clear();
    effects.after(() => {
      if (box.value !== sent || text.value !== '') return;
      box.value = '';
      setText('');
    });
  };
  const run = (): void => {
    if (!canRun.value || runState.value !== 'idle' || live.take('click-ignored')) return;
    const prompt = text.value;
    const files = attachments.list.value;
    if (prompt === '' && files.length === 0) return;
    const send = (): void => {
      clear();
      actions.onRun(prompt, files);
    };
    if (live.take('late-click')) window.setTimeout(send, LATE_MS);
    else send();
  };
  const append = (): void => {
    if (text.value === '' || runState.value !== 'idle') return;
    actions.onAppend(text.value);
    clear();
  };
  box.addEventListener('input', () => setText(box.value));
  box.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Enter') return;
    const isSend =
      preferences.value.enterKeyBehavior === 1 ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (!isSend && !event.altKey) return;
    event.preventDefault();
    if (event.altKey) append();
    else run();
  });

  const runButton = createRunButton(app, canRun, { onRun: run, onStop: actions.onStop });
  const container = h(
    'div.prompt-box-container.mat-mdc-tooltip-trigger',
    {},
    createMediaPreview(app, attachments),
    h('div.textarea-row', {}, h('div.text-wrapper', {}, sizer)),
    h(
      'div.buttons-row',
      {},
      h(
        'div.button-row-left',
        {},
        createAddMedia(app, attachments),
        keyButton(),
        variant === 'u3' && createToolsMenu(app),
      ),
      h(
        'div.button-wrapper',
        {},
        variant !== 'u3' && createTokenCount(app),
        h('ms-stt-button', {}, iconButton('button[aria-label="Speech to text"]', 'mic')),
        runButton,
      ),
    ),
  );
  const dragging = h('div.dragging-overlay', {}, icon('add_circle'), ' Drop files here ');
  acceptDroppedFiles(app, attachments, container, dragging);
  const element = h(marks.promptBox, {}, dragging, container);
  return { element, text, focus: () => box.focus(), clear };
}

/** Whether there is something to run, and nothing that must be waited for. */
function watchRunnable(app: App, text: Store<string>, attachments: Attachments): Store<boolean> {
  const { live, isVoting, isCounting, isEditing, effects } = app;
  const canRun = createStore(false);
  let latest = 0;
  const isReady = (): boolean => {
    const files = attachments.list.value;
    return (
      (text.value !== '' || files.length > 0) &&
      areUploaded(files) &&
      !isVoting.value &&
      !isCounting.value &&
      !isEditing.value &&
      !live.isOn('run-disabled')
    );
  };
  const check = async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    if (isReady())
      await delay(live.isOn('run-slow-to-enable') ? SLOW_ENABLE_MS : live.timing.runEnable);
    if (mine === latest) effects.after(() => mine === latest && canRun.set(isReady()));
  };
  const watched = [text, attachments.list, isVoting, isCounting, isEditing, live];
  for (const each of watched) each.watch(() => void check());
  return canRun;
}

/** How many tokens the chat and the prompt have; empty without any (page.md §4). */
export function createTokenCount({
  tokenTotal,
  settings,
  marks,
  effects,
  variant,
}: App): HTMLElement {
  const container = h('div.token-count-container');
  const count = h(marks.tokenCount);
  const show = (): void => {
    const limit = settings.value.model?.inputLimit ?? 0;
    const total = tokenTotal.value.toLocaleString('en');
    count.textContent = `${total} / ${limit.toLocaleString('en')} tokens`;
    if (variant === 'u3' && tokenTotal.value === 0) count.remove();
    else container.append(count);
  };
  effects.follow(tokenTotal, show);
  effects.followPart(settings, ({ model }) => model, show);
  return h('ms-token-count', {}, container);
}

/** Everyone has it, whatever the model costs (page.md §4). */
function keyButton(): HTMLElement {
  const element = msButton(
    'button.xap-inline-dialog.paid-api-key-button[dialoglabel="API key information"][aria-label="No API key selected"]',
    'primary',
    { 'aria-haspopup': 'dialog', 'data-disabled': 'false' },
    icon('key_off'),
  );
  return h('ms-paid-api-key-button', {}, element);
}
