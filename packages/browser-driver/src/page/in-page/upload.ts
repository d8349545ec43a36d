/// <reference lib="dom" />
import { type Dom } from './dom.ts';

/** Where a file can be handed over. */
export type UploadTarget =
  /** A file input is there. */
  | { readonly type: 'input'; readonly takesMany: boolean }
  /** Pressing the menu item opens a file chooser. */
  | { readonly type: 'item'; readonly x: number; readonly y: number }
  | { readonly type: 'missing' };

/** What came of an upload. */
export type UploadResult =
  | { readonly type: 'done' }
  | { readonly type: 'refused'; readonly words: string }
  | { readonly type: 'unfinished'; readonly count: number };

/** The upload of files through the page's own menu (page.md §7). */
export interface Upload {
  /** Number of files attached to the prompt. */
  count(): number;
  /** Opens the menu and finds where a file goes. */
  open(timeoutMs: number): Promise<UploadTarget>;
  /** The file input, once it was found. */
  input(): HTMLInputElement | undefined;
  /** Waits until `count` files are attached and processed, giving consent where it is asked for. */
  untilDone(count: number, timeoutMs: number): Promise<UploadResult>;
}

/** Makes an {@link Upload}. Runs in the page: refers to nothing outside itself. */
export function createUpload(dom: Dom): Upload {
  const input = (): HTMLInputElement | undefined => {
    const found = dom.findHidden('fileInput');
    return found instanceof HTMLInputElement ? found : undefined;
  };
  const count = (): number => dom.findAll('removeMedia').length;

  return {
    count,
    async open(timeoutMs) {
      if (!dom.find('uploadItem')) {
        const button = dom.find('attach');
        if (!button) return { type: 'missing' };
        button.click();
      }
      const item = await dom.until(() => dom.find('uploadItem'), timeoutMs);
      const found = input();
      if (found) return { type: 'input', takesMany: found.multiple };
      if (!item) return { type: 'missing' };
      const box = item.getBoundingClientRect();
      return { type: 'item', x: box.left + box.width / 2, y: box.top + box.height / 2 };
    },
    input,
    async untilDone(wanted, timeoutMs) {
      if (dom.find('menu')) dom.press(document.activeElement ?? document.body, 'Escape');
      const answered = new WeakSet<Element>();
      const result = await dom.until((): UploadResult | undefined => {
        // Consent is asked for a moment after the file was chosen, the first time.
        const consent = dom.find('mediaConsent') && dom.find('mediaAcknowledge');
        if (consent && !answered.has(consent)) {
          answered.add(consent);
          consent.click();
          return undefined;
        }
        const toast = dom.find('toast');
        if (toast && /upload|attach|file|unsupported/i.test(dom.textOf(toast))) {
          return { type: 'refused', words: dom.textOf(toast) };
        }
        const isDone =
          count() >= wanted && !dom.find('uploadProgress') && !dom.find('mediaConsent');
        return isDone ? { type: 'done' } : undefined;
      }, timeoutMs);
      return result ?? { type: 'unfinished', count: count() };
    },
  };
}
