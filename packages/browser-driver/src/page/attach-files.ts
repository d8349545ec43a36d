import { act } from './act.ts';
import { type UploadTarget } from './in-page/upload.ts';
import { PageError } from './page-error.ts';
import { type StudioPage } from './studio-page.ts';

/** Longest time for the upload menu, and for handing files to the browser, ms. */
const STEP_MS = 5000;
/** Longest time for one upload to be processed; videos take minutes (page.md §7), ms. */
const UPLOAD_MS = 180_000;

const STEP = 'attach files';

/** Attaches files by the page's own upload; returns when all of them are processed. */
export async function attachFiles(
  page: StudioPage,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  let attached = 0;
  while (attached < paths.length) {
    const target = await page.look(STEP, (kit, ms) => kit.upload.open(ms), STEP_MS, signal);
    if (target.type === 'missing') throw new PageError(STEP, 'there is no upload menu');
    const count = target.type === 'input' && target.takesMany ? paths.length : 1;
    await choose(page, target, paths.slice(attached, attached + count), signal);
    attached += count;
    const result = await page.look(
      STEP,
      (kit, { wanted, ms }) => kit.upload.untilDone(wanted, ms),
      { wanted: attached, ms: UPLOAD_MS },
      signal,
      UPLOAD_MS,
    );
    if (result.type === 'refused') {
      throw new PageError(STEP, result.words, {
        code: 'invalid_value',
        param: 'messages',
        logged: 'AI Studio refused a file.',
      });
    }
    if (result.type === 'unfinished') {
      throw new PageError(STEP, `${result.count} of ${attached} files were processed in time`);
    }
  }
}

async function choose(
  { page, kit }: StudioPage,
  target: UploadTarget,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await act(STEP, signal, STEP_MS * 2, async () => {
    if (target.type !== 'item') return kit.setInputFiles(paths);
    const chooser = page.waitForEvent('filechooser', { timeout: STEP_MS });
    await page.mouse.click(target.x, target.y);
    return (await chooser).setFiles([...paths], { timeout: STEP_MS });
  });
}
