import { applySettings, confirmSettings } from '../page/settings.ts';
import { type Wanted } from '../page/wanted.ts';
import { writeUploadFiles } from '../upload-files.ts';
import { type Assignment } from './tier.ts';

/** Makes an empty chat hold all of one prompt, ready to be run: settings, files, text. */
export async function fillPage(assignment: Assignment, signal: AbortSignal): Promise<Wanted> {
  const { slot, plan, prompt, model, log } = assignment;
  const { page } = slot;
  const wanted = await applySettings(page, plan, prompt.system, model, signal, log);
  await using files = await writeUploadFiles(prompt.files);
  if (files.paths.length > 0) await page.attach(files.paths, signal);
  await page.setPrompt(prompt.text, prompt.digest, signal);
  await confirmSettings(page, wanted, signal);
  return wanted;
}
