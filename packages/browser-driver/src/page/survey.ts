import { type Candidate, likeliest, rankCandidates } from './candidates.ts';
import { type Seen, type SeenByName } from './in-page/survey.ts';
import { type PageKnowledge } from './page-knowledge.ts';
import { ELEMENT_NAMES, type ElementName } from './selectors.ts';
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

/** What there is one of; several matches mean that the first may be the wrong one. */
const SINGLE: readonly ElementName[] = [
  ...ESSENTIAL.filter((name) => name !== 'modelRow' && name !== 'uploadItem'),
  'stopMark',
  'fileInput',
  'openRunSettings',
  'closeRunSettings',
  'moreActions',
  'temporaryChat',
  'expandTools',
  'expandAdvanced',
  'modelName',
  'temperature',
  'topP',
  'thinking',
  'manualBudget',
  'thinkingBudget',
  'thinkingLevel',
  'structuredOutput',
  'codeExecution',
  'functionCalling',
  'urlContext',
  'googleMaps',
  'editFunctions',
  'editSchema',
];

/** Sought inside another element alone: what they match elsewhere on the page means nothing. */
const INSIDE: readonly ElementName[] = [
  'thoughtHeader',
  'thoughtBody',
  'callName',
  'image',
  'codeTitle',
  'codeText',
  'renderedNode',
  'furniture',
  'turnEditor',
];

/** What opens, by which button, and how it is known to be open. */
const BEHIND: readonly [opener: ElementName, sign: ElementName][] = [
  ['modelTrigger', 'modelSearch'],
  ['systemCard', 'systemInput'],
  ['attach', 'uploadItem'],
  ['thinkingLevel', 'selectOption'],
];

/** Longest time for the run settings to come into view, animation included (page.md §11), ms. */
const SHOW_MS = 2000;
/** Longest time for a dialog to open or to close, ms. */
const OPEN_MS = 5000;

/** How one element fared. */
export interface Finding {
  readonly name: ElementName;
  /**
   * `ambiguous`: found, but several are like it where there should be one. `absent`: an element
   * that is not on every page, and is not on this one.
   */
  readonly status: 'found' | 'ambiguous' | 'missing' | 'absent';
  /** Which alternate found it, from 1, and how many there are. */
  readonly alternate?: number;
  readonly alternates: number;
  /** The selector that found it. */
  readonly selector?: string;
  /** The page pack that the selector is from; absent: it is built in. */
  readonly pack?: string;
  /** How many it matches. */
  readonly matches?: number;
  /** It came into view only by a candidate for another element. */
  readonly isByProposal?: true;
  /** What it may be now, best first. */
  readonly candidates?: readonly Candidate[];
}

/** Every element on the page as it is, and behind what can be opened without harm. */
export async function surveyPage(page: StudioPage, signal: AbortSignal): Promise<Finding[]> {
  const { kit } = page;
  const look = 'look at the page';
  const seen = await kit.run(
    look,
    async ({ dom, survey }, ms) => {
      await dom.until(() => dom.find('modelTrigger'), ms); // the settings may be on their way in
      return survey.look();
    },
    SHOW_MS,
    signal,
  );
  for (const [opener, sign] of BEHIND) {
    if (seen[opener] === undefined) continue;
    const more = await kit.run(
      `look behind ${opener}`,
      ({ survey }, names) => survey.lookBehind(names.opener, names.sign, names.ms),
      { opener, sign, ms: OPEN_MS },
      signal,
    );
    Object.assign(seen, { ...more, ...seen });
  }
  return toFindings(kit.knowledge, seen);
}

/** Switches that most models have: one with such a label, but found by no selector, has changed. */
const SWITCHES: readonly ElementName[] = [
  'structuredOutput',
  'codeExecution',
  'functionCalling',
  'urlContext',
  'googleMaps',
];

/** Says of each missing element what on the page it may be now. */
export async function proposeCandidates(
  page: StudioPage,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const step = 'look for candidates';
  const features = await page.kit.run(step, (kit) => kit.features(), undefined, signal);
  const hasPanel = findings.some(({ name, status }) => name === 'runSettings' && isThere(status));
  return findings.map((finding): Finding => {
    const { name, status } = finding;
    if (isThere(status)) return finding;
    const isOpener = name === 'openRunSettings' && !hasPanel;
    if (status === 'absent' && !isOpener && !SWITCHES.includes(name)) return finding;
    const candidates = rankCandidates(name, features);
    const isOffered = status === 'missing' || isOpener || likeliest(candidates) !== undefined;
    return isOffered && candidates.length > 0
      ? { ...finding, status: 'missing', candidates }
      : finding;
  });
}

const isThere = (status: Finding['status']): boolean =>
  status === 'found' || status === 'ambiguous';

/** {@link Finding}s from what was seen, in the order of the table. */
export function toFindings({ table, origins }: PageKnowledge, seen: SeenByName): Finding[] {
  return ELEMENT_NAMES.map((name): Finding => {
    const ways = table[name];
    const found: Seen | undefined = INSIDE.includes(name) ? undefined : seen[name];
    const way = found && ways[found.alternate];
    if (!found || way === undefined) {
      const status = ESSENTIAL.includes(name) ? 'missing' : 'absent';
      return { name, status, alternates: ways.length };
    }
    const { alternate, matches } = found;
    const pack = origins[name]?.[alternate];
    return {
      name,
      status: matches > 1 && SINGLE.includes(name) ? 'ambiguous' : 'found',
      alternate: alternate + 1,
      alternates: ways.length,
      selector: typeof way === 'string' ? way : JSON.stringify(way),
      ...(pack === undefined ? {} : { pack }),
      matches,
    };
  });
}
