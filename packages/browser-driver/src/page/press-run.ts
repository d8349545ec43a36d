import { act } from './act.ts';
import { PageError } from './page-error.ts';
import { type StudioPage } from './studio-page.ts';

/** How Run is pressed: a person has both ways. */
export type RunWay = 'mouse' | 'keyboard';

/** Longest time for a press to be taken by the browser, ms. */
const PRESS_MS = 5000;
/** How long to wait for a cover that goes by itself, ms. */
const COVER_MS = 1000;

const STEP = 'press Run';

/**
 * Presses Run, once: presses of the mouse that did not reach the button do not count. What covers the
 * button is dismissed or waited out; where it stays, the key does what the button would (page.md
 * §4.1). Whether the page then asks the model is for the wire to say.
 */
export async function pressRun(page: StudioPage, way: RunWay, signal: AbortSignal): Promise<void> {
  const blockedBy = way === 'mouse' ? await pressByMouse(page, signal) : 'no prompt box';
  if (blockedBy !== undefined) await pressByKey(page, blockedBy, signal);
}

/** Gives what kept the mouse from the button; undefined: it was pressed. */
async function pressByMouse(page: StudioPage, signal: AbortSignal): Promise<string | undefined> {
  let blockedBy = '';
  for (let attempt = 0; attempt < 3; attempt++) {
    const waitMs = attempt === 1 ? COVER_MS : 0;
    const target = await page.look(STEP, (kit, ms) => kit.run.aim(ms), waitMs, signal);
    if (target.type === 'not_ready' && target.state === 'missing') return 'there is no Run button';
    if (target.type === 'not_ready') throw new PageError(STEP, `the button is ${target.state}`);
    if (target.type === 'clear') {
      await act(STEP, signal, PRESS_MS, () => page.page.mouse.click(target.x, target.y));
      if (await page.look(STEP, (kit) => kit.run.hasLanded(), undefined, signal)) return undefined;
      blockedBy = 'the press did not reach the button';
    } else blockedBy = `it is covered by ${target.by}`;
    if (attempt === 0) await page.clearOverlays(signal);
    // On a narrow window it is the settings that lie over the prompt box.
    if (attempt === 1) await page.look(STEP, (kit, ms) => kit.panel.close(ms), COVER_MS, signal);
  }
  return blockedBy;
}

async function pressByKey(page: StudioPage, blockedBy: string, signal: AbortSignal): Promise<void> {
  const hasFocus = await page.look(STEP, (kit) => kit.prompt.focus(), undefined, signal);
  if (!hasFocus) throw new PageError(STEP, `${blockedBy}, and the prompt box takes no keys`);
  await act(STEP, signal, PRESS_MS, () => page.page.keyboard.press('Control+Enter'));
}
