import { type App } from './app.ts';
import { button, fill, h, setAttribute } from './dom.ts';
import { iconButton, msButton, setDisabled } from './ms-button.ts';
import { dialogBody } from './overlays.ts';

/** A dialog in which JSON is written (page.md §6.6, §6.7). */
export interface JsonEditor<T> {
  readonly title: string;
  /** What is to be entered. */
  readonly hint: string;
  /** The button of the visual editor that begins an entry. */
  readonly add: string;
  /** Tag of the component inside the dialog. */
  readonly component: string;
  readonly saveLabel: string;
  readonly resetLabel: string;
  /** What the editor starts with. */
  readonly text: string;
  /** The value, or what is wrong with the text. */
  readonly parse: (text: string) => { readonly value: T } | { readonly error: string };
  readonly onSave: (value: T) => void;
}

const TABS = ['Visual Editor', 'Code Editor'] as const;

/** Opens the dialog; its content and actions stand inside the component. Save works only while the text is right; the visual tab shows nothing to edit. */
export function openJsonEditor<T>({ overlays, effects }: App, editor: JsonEditor<T>): void {
  const problem = h('div.editor-error[role="status"]');
  const box = h('textarea[placeholder="Press Tab to use an example:"]', {
    rows: 16,
    spellcheck: 'false',
  });
  const code = h('ms-text-editor', {}, box, problem);
  const visual = h('div.visual-editor', {}, msButton('button', 'secondary', {}, editor.add));
  const panel = h('div.tab-panel[role="tabpanel"]');
  const tabs = TABS.map((name) =>
    button('button[role="tab"]', { type: 'button', onClick: () => select(name) }, name),
  );
  const save = msButton(
    'button',
    'primary',
    { 'aria-label': editor.saveLabel, onClick: () => done() },
    'Save',
  );
  const reset = msButton(
    'button',
    'borderless',
    { 'aria-label': editor.resetLabel, onClick: () => setText('') },
    'Reset',
  );

  let selected = '';
  const select = (name: string): void => {
    selected = name;
    for (const [index, tab] of tabs.entries())
      setAttribute(tab, 'aria-selected', String(TABS[index] === name));
    effects.after(() => fill(panel, selected === 'Code Editor' ? code : visual));
  };
  const check = (): void =>
    effects.after(() => {
      const parsed = editor.parse(box.value);
      const error = 'error' in parsed ? parsed.error : undefined;
      problem.textContent = error ?? '';
      setDisabled(save, error !== undefined);
    });
  const setText = (text: string): void => {
    box.value = text;
    check();
  };
  const done = (): void => {
    const parsed = editor.parse(box.value);
    if (!('value' in parsed)) return;
    editor.onSave(parsed.value);
    overlay.close();
  };
  box.addEventListener('input', check);
  setText(editor.text);
  select('Visual Editor');

  const heading = h(
    'span.dialog-heading',
    {},
    editor.title,
    iconButton('button[aria-label="close"]', 'close', { onClick: () => overlay.close() }),
  );
  const body = dialogBody(
    heading,
    h(
      'div',
      {},
      h('p', {}, editor.hint),
      h('ms-tab-group', {}, h('div[role="tablist"]', {}, ...tabs), panel),
    ),
    reset,
    save,
  );
  const overlay = overlays.dialog(h(editor.component, {}, body), { isDismissible: true });
}
