/// <reference lib="dom" />
/* oxlint-disable unicorn/consistent-function-scoping -- travels to the page as source: what it uses must be inside */
import { type ElementName } from '../selectors.ts';
import { type Dom } from './dom.ts';
import { type Ensure, type Outcome } from './ensure.ts';
import { type SystemCard } from './system-card.ts';

/** The parts of the run settings that open a dialog of their own (page.md §6.1, §6.2, §6.6, §6.7). */
export interface PanelDialogs {
  /** `title` is the display name, for pages that show no id. */
  pickModel(id: string, title: string | undefined): Promise<Outcome>;
  setSystem(text: string): Promise<Outcome>;
  /** Writes JSON into the editor behind an Edit button, and saves. */
  edit(button: 'editFunctions' | 'editSchema', json: string): Promise<Outcome>;
}

/** Makes {@link PanelDialogs}. Runs in the page: refers to nothing outside itself. */
export function createPanelDialogs(
  dom: Dom,
  ensure: Ensure,
  systemCard: Pick<SystemCard, 'entered'>,
): PanelDialogs {
  /** Longest time for a dialog to open, to follow, or to close (page.md §11), ms. */
  const DIALOG_MS = 5000;
  /** Longest time for a list to follow what is searched for, ms. */
  const FILTER_MS = 1500;

  const isThere = (name: ElementName): boolean => dom.find(name) !== undefined;
  const click = (element: HTMLElement): void => element.click();

  /** Opens what a button opens. */
  const open = (button: ElementName, isOpen: () => boolean): Promise<Outcome> =>
    ensure({
      what: button,
      isTrue: isOpen,
      target: () => dom.find(button),
      act: click,
      timeoutMs: DIALOG_MS,
      isRepeatable: true,
    });

  /** Closes the open dialog by its own button, or as a person would with Escape. */
  const close = (what: ElementName, isClosed: () => boolean): Promise<Outcome> =>
    ensure({
      what,
      isTrue: isClosed,
      target: () => dom.find('closePanel') ?? document.body,
      act(found) {
        if (found === dom.find('closePanel')) found.click();
        else dom.press(document.activeElement ?? found, 'Escape');
      },
      timeoutMs: DIALOG_MS,
      isRepeatable: true,
    });

  const textIn = (name: ElementName): string | undefined => dom.valueOf(dom.find(name));

  /** Puts a text into a field, again if the page creates the field anew meanwhile. */
  const fill = (name: ElementName, text: string): Promise<Outcome> =>
    ensure({
      what: name,
      isTrue: () => textIn(name) === text,
      target: () => dom.find(name),
      act: (field) => dom.fill(field, text),
      timeoutMs: DIALOG_MS,
      isRepeatable: true,
    });

  const shownModel = (): string => {
    const found = dom.find('modelName') ?? dom.find('modelTitle');
    return found ? dom.textOf(found).replace(/^models\//, '') : '';
  };

  /** Rows that a model may not be picked by take no clicks (page.md §6.1). */
  const isBarred = (row: HTMLElement): boolean =>
    dom.isDisabled(row) ||
    dom.is(row, 'disabledRow') ||
    getComputedStyle(row).pointerEvents === 'none';

  /** Brings a model's row into the list, by whatever of it the list can be searched for. */
  const findRow = async (id: string, title: string | undefined): Promise<boolean> => {
    const isListed = (): boolean => dom.find('modelRow', id) !== undefined;
    if (textIn('modelSearch') === undefined) {
      return (await dom.until(isListed, DIALOG_MS)) === true;
    }
    // Rows out of view may not exist: searching brings the one we want.
    for (const text of [id, title ?? id, '']) {
      await fill('modelSearch', text);
      if (await dom.until(isListed, FILTER_MS)) return true;
    }
    return false;
  };

  return {
    async pickModel(id, title) {
      const before = shownModel();
      const row = (): HTMLElement | undefined => dom.find('modelRow', id);
      const isClosed = (): boolean => !isThere('modelSearch');
      const isPicked = (): boolean =>
        shownModel() === id || (!isThere('modelName') && shownModel() === title);
      if (isPicked()) return undefined;
      const failed = await open('modelTrigger', () => isThere('modelSearch') || !!row());
      if (failed) return failed;
      if (!(await findRow(id, title))) {
        const isList = isThere('modelSearch');
        await close('modelSearch', isClosed);
        return { kind: isList ? 'unlisted' : 'missing', detail: `modelRow ${id}` };
      }
      const isFree = (): boolean => {
        const found = row();
        return found !== undefined && !isBarred(found);
      };
      if (!(await dom.until(isFree, FILTER_MS))) {
        const host = row()?.parentElement ?? document.body;
        const notices = dom.allWithin(host, 'modelRowNotice');
        const words = notices.map((notice) => dom.textOf(notice)).join(', ');
        await close('modelSearch', isClosed);
        return { kind: 'disabled', detail: words };
      }
      const answered = new WeakSet<Element>();
      const outcome = await ensure({
        what: `model ${id}`,
        isTrue() {
          // Where it would start a new chat for the other model, the page asks first (page.md §6.1).
          const confirm = dom.find('switchModelDialog') && dom.find('switchModelConfirm');
          if (confirm && !answered.has(confirm)) {
            answered.add(confirm);
            confirm.click();
          }
          // A title that we do not know, where the page shows no id, is left to the wire.
          const isOther = !isThere('modelName') && shownModel() !== '' && shownModel() !== before;
          return isClosed() && (isPicked() || isOther);
        },
        target: row,
        act: click,
        timeoutMs: DIALOG_MS,
        isRepeatable: true,
      });
      if (!outcome) return undefined;
      await close('modelSearch', isClosed);
      return isPicked() ? undefined : outcome;
    },
    async setSystem(text) {
      const isInline = isThere('systemInput');
      const failed =
        (await open('systemCard', () => isThere('systemInput'))) ??
        (await fill('systemInput', text));
      if (failed?.kind === 'missing' && failed.detail === 'systemCard') return failed;
      const stuck = isInline
        ? undefined
        : await close('systemInput', () => !isThere('systemInput'));
      const outcome = failed ?? stuck;
      if (!outcome) systemCard.entered(text);
      return outcome;
    },
    async edit(button, json) {
      const isOpen = (): boolean => isThere('codeEditorTab') || isThere('editorInput');
      const isClosed = (): boolean => !isThere('editorInput');
      const failed = await open(button, isOpen);
      if (failed) return failed;
      const tab = (): HTMLElement | undefined => dom.find('codeEditorTab');
      await ensure({
        what: 'codeEditorTab',
        isTrue: () =>
          isThere('editorInput') && (tab()?.getAttribute('aria-selected') ?? 'true') === 'true',
        target: tab,
        act: click,
        timeoutMs: DIALOG_MS,
        isRepeatable: true,
      });
      const wasSame = textIn('editorInput') === json;
      const unfilled = await fill('editorInput', json);
      if (unfilled && unfilled.kind !== 'unmoved') return unfilled;
      const save = (): HTMLElement | undefined => dom.find('editorSave');
      const canSave = (): boolean => {
        const found = save();
        return found !== undefined && !dom.isDisabled(found);
      };
      /** Closes the editor without saving; what the page says is wrong, if it says so. */
      const giveUp = async (): Promise<{ readonly stuck: Outcome; readonly words: string }> => {
        const found = dom.find('dialog')?.querySelector('[class*="error"], [role="alert"]');
        const words = found ? dom.textOf(found) : '';
        return { words, stuck: await close('editorInput', isClosed) };
      };
      const rejected = (words: string): Outcome => ({
        kind: 'rejected',
        detail: words || 'the page’s editor did not accept it',
      });
      if (!(await dom.until(canSave, DIALOG_MS / 2))) {
        const { stuck, words } = await giveUp();
        return stuck ?? (wasSame && words === '' ? undefined : rejected(words));
      }
      const unsaved = await ensure({
        what: 'editorSave',
        isTrue: isClosed,
        target: save,
        act: click,
        timeoutMs: DIALOG_MS,
        isRepeatable: true,
      });
      if (!unsaved) return undefined;
      // The page may see only after the click that the text is wrong, and keep what it had.
      const isRefused = !canSave();
      const { stuck, words } = await giveUp();
      return stuck ?? (isRefused || words !== '' ? rejected(words) : undefined);
    },
  };
}
