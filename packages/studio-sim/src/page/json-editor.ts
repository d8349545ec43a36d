import { type App } from './app.ts';
import { button, fill, h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { dialogBody } from './overlays.ts';

/** A dialog in which JSON is written (page.md §6.6, §6.7). */
export interface JsonEditor<T> {
  readonly title: string;
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

/** Opens the dialog. Save works only while the text is right; the visual tab shows nothing to edit. */
export function openJsonEditor<T>({ overlays }: App, editor: JsonEditor<T>): void {
  const problem = h('div.editor-error[role="status"]');
  const box = h('textarea[placeholder="Press Tab to indent, Escape then Tab to leave"]', {
    rows: 16,
    spellcheck: 'false',
  });
  const code = h('ms-text-editor', {}, box, problem);
  const visual = h('div.visual-editor', {}, 'Nothing to show here: use the code editor.');
  const panel = h('div.tab-panel[role="tabpanel"]');
  const tabs = ['Visual Editor', 'Code Editor'].map((name) =>
    button('button[role="tab"]', { type: 'button', onClick: () => select(name) }, name),
  );
  const save = button(
    'button.ms-button-primary',
    { 'aria-label': editor.saveLabel, onClick: () => done() },
    'Save',
  );
  const reset = button(
    'button.ms-button-borderless',
    { 'aria-label': editor.resetLabel, onClick: () => setText('') },
    'Reset',
  );

  const select = (name: string): void => {
    for (const tab of tabs) setAttribute(tab, 'aria-selected', String(tab.textContent === name));
    fill(panel, name === 'Code Editor' ? code : visual);
  };
  const check = (): void => {
    const parsed = editor.parse(box.value);
    const error = 'error' in parsed ? parsed.error : undefined;
    problem.textContent = error ?? '';
    save.disabled = error !== undefined;
  };
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
    h('button[aria-label="close"]', { onClick: () => overlay.close() }, icon('close')),
  );
  const body = dialogBody(
    heading,
    h('div', {}, h('ms-tab-group', {}, h('div[role="tablist"]', {}, ...tabs), panel)),
    reset,
    save,
  );
  const overlay = overlays.dialog(h(editor.component, {}, body), { isDismissible: true });
}
