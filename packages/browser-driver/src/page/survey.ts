import { ELEMENT_NAMES, type ElementName, selectors } from './selectors.ts';
import { type StudioPage } from './studio-page.ts';

/** What no prompt can do without, on any model. */
const ESSENTIAL: readonly ElementName[] = [
  'promptBox',
  'promptInput',
  'runButton',
  'newChat',
  'runSettings',
  'modelTrigger',
  'modelTitle',
  'modelSearch',
  'modelRow',
  'systemCard',
  'systemInput',
  'maxOutputTokens',
  'stopInput',
  'googleSearch',
  'attach',
  'uploadItem',
];

/** What opens, by which button, and how it is known to be open. */
const BEHIND: readonly [opener: ElementName, sign: ElementName][] = [
  ['modelTrigger', 'modelSearch'],
  ['systemCard', 'systemInput'],
  ['attach', 'uploadItem'],
  ['thinkingLevel', 'selectOption'],
];

/** Longest time for a dialog to open or to close, ms. */
const OPEN_MS = 5000;

/** How one element fared. */
export interface Finding {
  readonly name: ElementName;
  /** `absent`: an element that is not on every page, and is not on this one. */
  readonly status: 'found' | 'missing' | 'absent';
  /** Which alternate found it, from 1, and how many there are. */
  readonly alternate?: number;
  readonly alternates: number;
  /** The selector that found it. */
  readonly selector?: string;
}

/**
 * Looks for every element on an empty chat, and behind the buttons that can be pressed without
 * harm; never presses Run. Tells which alternate of its selectors finds each.
 */
export async function surveyPage(page: StudioPage, signal: AbortSignal): Promise<Finding[]> {
  const { kit } = page;
  const look = 'look at the page';
  const found = await kit.run(look, ({ survey }) => survey.alternates(), undefined, signal);
  for (const [opener, sign] of BEHIND) {
    if (found[opener] === null) continue;
    const more = await kit.run(
      `look behind ${opener}`,
      ({ survey }, names) => survey.alternatesBehind(names.opener, names.sign, names.ms),
      { opener, sign, ms: OPEN_MS },
      signal,
    );
    for (const [name, alternate] of Object.entries(more)) found[name] ??= alternate;
  }
  return ELEMENT_NAMES.map((name): Finding => {
    const ways = selectors[name];
    const index = found[name] ?? null;
    const way = index === null ? undefined : ways[index];
    if (index === null || way === undefined) {
      const status = ESSENTIAL.includes(name) ? 'missing' : 'absent';
      return { name, status, alternates: ways.length };
    }
    const selector = typeof way === 'string' ? way : JSON.stringify(way);
    return { name, status: 'found', alternate: index + 1, alternates: ways.length, selector };
  });
}
