/// <reference lib="dom" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type ElementName } from '../selectors.ts';
import { type Dom } from './dom.ts';
import { type Outcome } from './panel.ts';

/** The parts of the run settings that open a dialog of their own (page.md §6.1, §6.2, §6.6, §6.7). */
export interface PanelDialogs {
  /** `title` is the display name, for pages that show no id. */
  pickModel(id: string, title: string | undefined): Promise<Outcome>;
  setSystem(text: string): Promise<Outcome>;
  /** Writes JSON into the editor behind an Edit button, and saves. */
  edit(button: 'editFunctions' | 'editSchema', json: string): Promise<Outcome>;
}

/** Makes {@link PanelDialogs}. Runs in the page: refers to nothing outside itself. */
export function createPanelDialogs(dom: Dom): PanelDialogs {
  /** Longest time for a dialog to open, to follow, or to close (page.md §11), ms. */
  const DIALOG_MS = 5000;

  const missing = (detail: string): Outcome => ({ kind: 'missing', detail });
  const shown = (name: ElementName, value?: string): Promise<HTMLElement | undefined> =>
    dom.until(() => dom.find(name, value), DIALOG_MS);

  /** Closes the open dialog by its own button, or as a person would with Escape. */
  const close = async (isClosed: () => boolean): Promise<boolean> => {
    if (isClosed()) return true;
    const button = dom.find('closePanel');
    if (button) button.click();
    else dom.press(document.activeElement ?? document.body, 'Escape');
    return (await dom.until(isClosed, DIALOG_MS)) === true;
  };

  const isPicked = (id: string, title: string | undefined): boolean => {
    const name = dom.find('modelName');
    if (name) return dom.textOf(name).replace(/^models\//, '') === id;
    const label = dom.find('modelTitle');
    return label !== undefined && [title, id].includes(dom.textOf(label));
  };

  return {
    async pickModel(id, title) {
      const trigger = dom.find('modelTrigger');
      if (!trigger) return missing('modelTrigger');
      trigger.click();
      const search = await dom.until(
        () => dom.find('modelSearch') ?? dom.find('modelRow', id),
        DIALOG_MS,
      );
      // Rows out of view may not exist: searching first brings the one we want.
      if (search instanceof HTMLInputElement) dom.fill(search, id);
      const row = await shown('modelRow', id);
      if (!row) {
        await close(() => !dom.find('modelSearch'));
        return missing(`modelRow ${id}`);
      }
      row.click();
      const isSettled = (): boolean => isPicked(id, title) && !dom.find('modelSearch');
      const picked = await dom.until(isSettled, DIALOG_MS);
      if (!picked) await close(() => !dom.find('modelSearch'));
      return isPicked(id, title) ? undefined : { kind: 'unmoved', detail: `model ${id}` };
    },
    async setSystem(text) {
      const isInline = dom.find('systemInput') !== undefined;
      if (!isInline) {
        const card = dom.find('systemCard');
        if (!card) return missing('systemCard');
        card.click();
      }
      const input = await shown('systemInput');
      if (!(input instanceof HTMLTextAreaElement)) return missing('systemInput');
      dom.fill(input, text);
      const isHeld = input.value === text;
      const isClosed = isInline || (await close(() => !dom.find('systemInput')));
      return isHeld && isClosed ? undefined : { kind: 'unmoved', detail: 'systemInput' };
    },
    async edit(button, json) {
      const open = await shown(button);
      if (!open) return missing(button);
      if (dom.isDisabled(open)) return { kind: 'disabled', detail: button };
      open.click();
      const first = await dom.until(
        () => dom.find('codeEditorTab') ?? dom.find('editorInput'),
        DIALOG_MS,
      );
      if (first?.getAttribute('role') === 'tab' && first.getAttribute('aria-selected') !== 'true') {
        first.click();
      }
      const input = await shown('editorInput');
      if (!input) return missing('editorInput');
      dom.fill(input, json);
      const save = await dom.until(() => {
        const found = dom.find('editorSave');
        return found && !dom.isDisabled(found) && found;
      }, DIALOG_MS / 2);
      if (!save) {
        const words = dom.find('dialog')?.querySelector('[class*="error"], [role="alert"]');
        const detail = words ? dom.textOf(words) : 'the page’s editor did not accept it';
        await close(() => !dom.find('editorInput'));
        return { kind: 'rejected', detail };
      }
      save.click();
      const isClosed = (): boolean => !dom.find('editorInput');
      if (!(await dom.until(isClosed, DIALOG_MS))) await close(isClosed);
      return isClosed() ? undefined : { kind: 'unmoved', detail: 'editorSave' };
    },
  };
}
