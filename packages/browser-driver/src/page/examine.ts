import { likeliest } from './candidates.ts';
import { type Reach } from './in-page/survey.ts';
import { PROPOSED, type TrialKnowledge } from './page-knowledge.ts';
import { type Alternates, type ElementName } from './selectors.ts';
import { checkSettings, type SettingCheck } from './settings-check.ts';
import { type StudioPage } from './studio-page.ts';
import { type Finding, proposeCandidates, surveyPage } from './survey.ts';
import { type WireReport, watchWire } from './wire-look.ts';

/** One thing that was tried, and what came in its way. */
export interface ExaminedStep {
  readonly step: string;
  readonly failure?: string;
}

/** Everything that `doctor --page` found out. */
export interface PageReport {
  /** ISO 8601 */
  readonly at: string;
  /** Whether a prompt could be answered now, with the model and settings that it asks for. */
  readonly canAnswer: boolean;
  /** Why not. */
  readonly reasons: readonly string[];
  readonly steps: readonly ExaminedStep[];
  readonly elements: readonly Finding[];
  /** Run before a text stands in the prompt box, and whether it was enabled with one. */
  readonly run: (Reach & { readonly takesText: boolean }) | undefined;
  /** The model that the page shows. */
  readonly model: string | undefined;
  /** Absent unless `isDeep`. */
  readonly settings?: readonly SettingCheck[];
  readonly wire: WireReport;
  readonly pagePacks: { readonly packs: readonly string[]; readonly digest: string };
}

/** How thoroughly. */
export interface ExamineOptions {
  /** Also moves each setting and moves it back. */
  readonly isDeep: boolean;
}

/** Longest time until Run follows a text, ms. */
const FOLLOW_MS = 5000;
/** How often what candidates bring into view is looked through for more. */
const MAX_ROUNDS = 3;
/** What is never pressed on trial, by its label. */
const HARMFUL =
  /“(run|stop|send|submit|go)\b(?! settings)|\b(delete|remove|discard|share|publish|deploy|upgrade|buy|pay|sign|log ?out)\b/i;

/**
 * Examines AI Studio's page as far as it goes: whatever fails is a line of the report. `trial` is
 * what `page` takes its knowledge from; candidates are tried out there. Never presses Run.
 */
export async function examinePage(
  page: StudioPage,
  trial: TrialKnowledge,
  { isDeep }: ExamineOptions,
  signal: AbortSignal,
): Promise<PageReport> {
  const readWire = watchWire(page.page);
  const steps: ExaminedStep[] = [];
  const attempt = async <T>(step: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const result = await work();
      steps.push({ step });
      return result;
    } catch (error) {
      signal.throwIfAborted();
      const failure = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      steps.push({ step, failure });
      return undefined;
    }
  };

  await attempt('load the page', () => page.open(signal));
  await attempt('start a new chat', () => page.newChat(signal));
  const panel = await attempt('read the run settings', () => page.readPanel(signal));
  const model = panel?.modelId ?? panel?.modelTitle;
  const first = (await attempt('look at every element', () => surveyPage(page, signal))) ?? [];
  const elements = await attempt('look for candidates', () => search(page, trial, first, signal));
  const found = elements ?? first;
  const reach = await attempt('look whether Run can be pressed', () => tryText(page, signal));
  const settings = isDeep
    ? await attempt('move each setting', () => checkSettings(page, signal))
    : undefined;
  const wire = await readWire();

  const reasons = reasonsAgainst({ steps, elements: first, run: reach, model });
  const { packs, digest } = trial.base;
  return {
    at: new Date().toISOString(),
    canAnswer: reasons.length === 0,
    reasons,
    steps,
    elements: found,
    run: reach,
    model,
    ...(settings ? { settings } : {}),
    wire,
    pagePacks: { packs, digest },
  };
}

/** Looks what missing elements may be now, and behind those that open others what these may be. */
async function search(
  page: StudioPage,
  trial: TrialKnowledge,
  first: readonly Finding[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const results = new Map<ElementName, Finding>();
  const proposals = new Set<ElementName>();
  let findings = first;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const proposed = await proposeCandidates(page, findings, signal);
    const tried = proposed.flatMap((finding): [ElementName, Alternates][] => {
      if (finding.pack === PROPOSED || proposals.has(finding.name)) return []; // stays as it was without
      const isByProposal = round > 0 && finding.status !== results.get(finding.name)?.status;
      results.set(finding.name, isByProposal ? { ...finding, isByProposal } : finding);
      const best = likeliest(finding.candidates ?? []);
      if (!best || HARMFUL.test(best.what)) return [];
      proposals.add(finding.name);
      return [[finding.name, best.ways]];
    });
    if (tried.length === 0) break;
    trial.try(Object.fromEntries(tried));
    await page.refresh();
    await page.readPanel(signal); // brings the run settings into view if that is possible now
    findings = await surveyPage(page, signal);
  }
  return first.map((finding) => results.get(finding.name) ?? finding);
}

/** Looks at Run with an empty prompt box, then with a text in it, and takes the text away again. */
async function tryText(
  page: StudioPage,
  signal: AbortSignal,
): Promise<Reach & { takesText: boolean }> {
  return page.kit.run(
    'look whether Run can be pressed',
    async ({ survey, prompt, run }, ms) => {
      const reach = survey.reach();
      prompt.set('Hello');
      const takesText = (await run.untilReady(ms)) === 'ready';
      const withText = survey.reach();
      prompt.set('');
      return { ...(takesText ? withText : reach), takesText };
    },
    FOLLOW_MS,
    signal,
  );
}

/** Why a prompt could not be answered; empty: it could. */
export function reasonsAgainst({
  steps,
  elements,
  run,
  model,
}: Pick<PageReport, 'steps' | 'elements' | 'run' | 'model'>): string[] {
  const isMissing = (name: ElementName): boolean =>
    elements.find((finding) => finding.name === name)?.status !== 'found' &&
    elements.find((finding) => finding.name === name)?.status !== 'ambiguous';
  const failed = steps.filter(({ step }) => /^(load|start)/.test(step));
  return [
    ...failed.flatMap(({ step, failure }) => (failure === undefined ? [] : `${step}: ${failure}`)),
    ...(isMissing('promptInput') ? ['the prompt box (promptInput) was not found'] : []),
    ...(isMissing('runButton') ? ['the Run button (runButton) was not found'] : []),
    ...(model === undefined ? ['the page does not show which model it asks'] : []),
    ...(run && !run.takesText ? ['Run stays disabled with a text in the prompt box'] : []),
    ...(run && run.mouse.type !== 'reachable' && !run.hasKeyboard
      ? ['Run can be pressed neither by mouse nor by keyboard']
      : []),
  ];
}
