import { type App } from './app.ts';
import { delay, field, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { preferences } from './preferences.ts';
import { createRunButton } from './run-button.ts';
import { createStore, type Store } from './store.ts';

/** Where the prompt is written and run (page.md §4). */
export interface PromptBox {
  readonly element: HTMLElement;
  /** What stands in the box. */
  readonly text: Store<string>;
  focus(): void;
}

const TALLEST = 320;

/** Makes the prompt box. `onRun` gets the text, which leaves the box at once. */
export function createPromptBox(
  app: App,
  actions: { readonly onRun: (text: string) => void; readonly onStop: () => void },
): PromptBox {
  const { live, marks, runState } = app;
  const text = createStore('');
  const canRun = createStore(false);
  const box = field(marks.promptText, {
    rows: 1,
    placeholder: 'Start typing a prompt, use alt + enter to append',
    spellcheck: 'false',
  });
  const sizer = h('ms-autosize-textarea', {}, box);
  const count = h(marks.tokenCount, {}, '0 tokens');

  const setText = (value: string): void => {
    text.set(value);
    setAttribute(sizer, 'data-value', value);
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, TALLEST)}px`;
  };
  const enableLater = async (value: string): Promise<void> => {
    if (value === '') return canRun.set(false);
    await delay(live.timing.runEnable);
    if (text.value === value) canRun.set(true);
  };
  text.watch((value) => void enableLater(value));

  const run = (): void => {
    if (!canRun.value || runState.value !== 'idle' || live.isOn('run-disabled')) return;
    const prompt = text.value;
    box.value = '';
    setText('');
    actions.onRun(prompt);
  };
  box.addEventListener('input', () => setText(box.value));
  box.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.altKey) return;
    const sends =
      preferences.value.enterKeyBehavior === 1 ? !event.shiftKey : event.ctrlKey || event.metaKey;
    if (!sends) return;
    event.preventDefault();
    run();
  });
  app.tokenTotal.watch((total) => {
    const limit = app.settings.value.model?.inputLimit ?? 0;
    count.textContent = `${total.toLocaleString('en')} / ${limit.toLocaleString('en')} tokens`;
  });

  const element = h(
    marks.promptBox,
    {},
    h(
      'div.prompt-box-container',
      {},
      h('div.text-wrapper', {}, sizer),
      h(
        'div.actions',
        {},
        h('ms-add-media-button', {}, h(marks.addMedia, {}, icon('add_circle'))),
        h('span.filler'),
        h('ms-token-count', {}, count),
        createRunButton(app, canRun, { onRun: run, onStop: actions.onStop }),
      ),
    ),
  );
  return { element, text, focus: () => box.focus() };
}
