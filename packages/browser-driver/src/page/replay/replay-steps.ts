import { type RecordedStep, type Recording, type StepName } from '@aistudio/recorder';
import { type Page } from 'playwright';

import { KitSession } from '../kit-session.ts';
import { type KnowledgeSource } from '../page-knowledge.ts';
import { type ElementName, selectors } from '../selectors.ts';
import { NEEDED, type Needed } from './needed.ts';
import { type RecordingServer } from './serve-recording.ts';

/** How today's selectors fare on one recorded moment. */
export interface StepReport {
  readonly step: StepName;
  /** For each element that is found: which alternate finds it, from 1, and how it is written. */
  readonly found: Readonly<
    Record<string, { readonly alternate: number; readonly selector: string }>
  >;
  /** What is not found, though no prompt can be sent without it. */
  readonly missing: readonly string[];
  /** What is not found, so that the driver takes another way, or some requests fail. */
  readonly lacking: readonly string[];
  /** What the driver takes the Run button for. */
  readonly run: string;
}

/** Opens each recorded moment, and looks for everything the driver knows. */
export async function replaySteps(
  page: Page,
  { steps }: Recording,
  server: RecordingServer,
  knowledge: KnowledgeSource,
  signal: AbortSignal,
): Promise<StepReport[]> {
  const kit = new KitSession(page, knowledge);
  const reports: StepReport[] = [];
  for (const step of steps) {
    await page.goto(server.stepUrl(step), { waitUntil: 'domcontentloaded' });
    reports.push(await replayStep(kit, step, signal));
  }
  return reports;
}

async function replayStep(
  kit: KitSession,
  { name }: RecordedStep,
  signal: AbortSignal,
): Promise<StepReport> {
  const { alternates, run } = await kit.run(
    `look at the recorded step “${name}”`,
    ({ survey, run: control }) => ({ alternates: survey.alternates(), run: control.state() }),
    undefined,
    signal,
  );
  const found: Record<string, { alternate: number; selector: string }> = {};
  for (const [element, index] of Object.entries(alternates)) {
    if (index === null || !isElement(element)) continue;
    const way = kit.knowledge.table[element][index];
    const selector = typeof way === 'string' ? way : JSON.stringify(way);
    found[element] = { alternate: index + 1, selector };
  }
  const without = (list: readonly Needed[]): string[] =>
    list
      .map(waysOf)
      .filter((ways) => !ways.some((way) => way in found))
      .map((ways) => ways.join(' or '));
  const { essential, usual } = NEEDED[name];
  return { step: name, found, missing: without(essential), lacking: without(usual), run };
}

const isElement = (name: string): name is ElementName => name in selectors;

const waysOf = (needed: Needed): readonly ElementName[] =>
  typeof needed === 'string' ? [needed] : needed;
