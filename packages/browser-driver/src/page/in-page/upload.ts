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
  /** Finds where a file goes: the page's file input, else what the menu has. */
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

  /** Longest time until the page shows that it has taken a file, ms. */
  const FIRST_SIGN_MS = 10_000;

  /** What a toast is about when it is about a file, and how it puts it when nothing tells its kind. */
  const ABOUT_FILES =
    /upload|attach|file|image|video|audio|media|document|drive|unsupported|too large|add one/i;
  const FAILS =
    /fail|unsupported|not supported|can(?:no|['’])?t|can only|unable|too (?:large|many|big)|exceed|invalid|error|denied|nicht/i;
  /** All that an attached file itself says when the page cannot use it; its name is another text. */
  const ITEM_FAILS =
    /^(token count failed|unsupported file( type)?|(file )?upload failed.*|failed to (upload|count).*)\.?$/i;
  /** Toasts stay for 20 s: these are about something before this upload. */
  const old = new WeakSet<Element>();

  const toasts = (): HTMLElement[] => [
    ...dom.findAll('toast'),
    ...dom.findAll('plainToast').filter((toast) => FAILS.test(dom.textOf(toast))),
  ];

  /** The page's words when it does not take a file. A toast of success is never a refusal. */
  const refusal = (): string | undefined => {
    const words = toasts()
      .flatMap((toast) => (old.has(toast) ? [] : dom.textOf(toast)))
      .find((text) => ABOUT_FILES.test(text) && !/success/i.test(text));
    const texts = dom
      .findAll('attachedMedia')
      .flatMap((item) => [...item.querySelectorAll('*')])
      .flatMap((part) => (part.childElementCount === 0 ? dom.textOf(part) : []));
    return words ?? texts.find((text) => ITEM_FAILS.test(text));
  };

  return {
    count,
    async open(timeoutMs) {
      for (const toast of toasts()) old.add(toast);
      // The page keeps it hidden beside the attach button; one elsewhere may be for anything.
      const ready = input();
      if (ready && dom.find('promptBox')?.contains(ready) === true) {
        return { type: 'input', takesMany: ready.multiple };
      }
      if (!dom.find('uploadItem')) {
        const button = dom.find('attach');
        if (!button) return { type: 'missing' };
        button.click();
      }
      const item = await dom.until(() => dom.find('uploadItem'), timeoutMs);
      const found = input(); // older pages: inside the item, or made by the click
      if (found) return { type: 'input', takesMany: found.multiple };
      if (!item) return { type: 'missing' };
      const box = item.getBoundingClientRect();
      return { type: 'item', x: box.left + box.width / 2, y: box.top + box.height / 2 };
    },
    input,
    async untilDone(wanted, timeoutMs) {
      if (dom.find('menu')) dom.press(document.activeElement ?? document.body, 'Escape');
      const answered = new WeakSet<Element>();
      const since = performance.now();
      const result = await dom.until((): UploadResult | undefined => {
        // Consent is asked for a moment after the file was chosen, the first time.
        const consent = dom.find('mediaConsent') && dom.find('mediaAcknowledge');
        if (consent && !answered.has(consent)) {
          answered.add(consent);
          consent.click();
          return undefined;
        }
        const words = refusal();
        if (words !== undefined) return { type: 'refused', words };
        const isTaken = count() > 0 || dom.find('uploadProgress') || dom.find('mediaConsent');
        if (!isTaken && performance.now() - since > FIRST_SIGN_MS) {
          return { type: 'unfinished', count: 0 };
        }
        const isDone =
          count() >= wanted && !dom.find('uploadProgress') && !dom.find('mediaConsent');
        return isDone ? { type: 'done' } : undefined;
      }, timeoutMs);
      return result ?? { type: 'unfinished', count: count() };
    },
  };
}
