import { type Log, type ModelInfo, type Plan, type Settings, StudioError } from '@aistudio/core';

import { chooseModel, isChosen, isModel, withTitle } from './choose-model.ts';
import { CAPABILITY, toDesiredSettings, type DesiredSettings } from './desired-settings.ts';
import { type NativePart, NotNativeError } from './not-native-error.ts';
import { PageError } from './page-error.ts';
import {
  NUMBER_NAMES,
  type PanelChange,
  type PanelProblem,
  type PanelState,
  TOGGLE_NAMES,
} from './panel-state.ts';
import { type StudioPage } from './studio-page.ts';

/** What a request is told when the page lacks a control it needs: the parameter it came from. */
const PARAM_OF: Partial<Record<string, string>> = {
  functionCalling: 'tools',
  googleSearch: 'tools',
  urlContext: 'tools',
  codeExecution: 'tools',
  structuredOutput: 'response_format',
  system: 'messages',
};

/** What can also be had by words, by the control that is for it. */
const PART_OF: Partial<Record<string, NativePart>> = {
  functionCalling: 'functions',
  structuredOutput: 'format',
  system: 'system',
};

/** What is to be done on the panel, and the names of wishes for which the page has no control. */
export interface Difference {
  readonly changes: PanelChange[];
  readonly missing: string[];
}

/**
 * What must change on the panel, in an order the page allows: the model first (it resets the rest),
 * tools off before tools on (they exclude each other), the rest after.
 */
export function diffPanel(state: PanelState, wanted: DesiredSettings): Difference {
  if (!isModel(state, wanted)) {
    const { modelId: id, modelTitle: title } = wanted;
    return { changes: [{ type: 'model', id, ...(title ? { title } : {}) }], missing: [] };
  }
  const changes: PanelChange[] = [];
  const missing: string[] = [];
  for (const step of [false, true]) {
    for (const name of TOGGLE_NAMES) {
      if (wanted.toggles[name] !== step) continue;
      const shown = state.toggles[name];
      if (!shown && step) missing.push(name);
      if (!shown || shown.isOn === step) continue;
      const hasEditor = step && editorFor(name, wanted) !== undefined;
      if (!hasEditor) changes.push({ type: 'toggle', name, isOn: step });
    }
  }
  changes.push(...editorChanges(state, wanted));
  if (wanted.thinkingLevel !== undefined) {
    if (state.thinkingLevel === undefined) missing.push('thinking');
    else if (state.thinkingLevel !== wanted.thinkingLevel) {
      changes.push({ type: 'level', level: wanted.thinkingLevel });
    }
  }
  for (const name of NUMBER_NAMES) {
    const value = wanted.numbers[name];
    if (value === undefined) continue;
    const shown = state.numbers[name];
    // The budget's field appears only with its switch, so its absence now proves nothing.
    if (!shown && name !== 'thinkingBudget') missing.push(name);
    else if (shown?.value !== value) changes.push({ type: 'number', name, value });
  }
  if (state.stop === undefined) {
    if (wanted.stop.length > 0) missing.push('stop');
  } else if (!isSame(state.stop, wanted.stop)) {
    changes.push({ type: 'stop', sequences: wanted.stop });
  }
  if (state.hasSystem === undefined) {
    if (wanted.system !== '') missing.push('system');
  } else if (state.hasSystem || wanted.system !== '') {
    changes.push({ type: 'system', text: wanted.system });
  }
  return { changes, missing };
}

/**
 * Makes the panel show what the plan wants: reads it, changes the differences, reads it again.
 * Throws a {@link NotNativeError} for what can be said in words instead, `unsupported_parameter` for
 * another wish the page has no control for and that must not be lost, a {@link PageError} when the
 * page does not follow.
 */
export async function applySettings(
  page: StudioPage,
  plan: Plan,
  system: string,
  model: ModelInfo | undefined,
  signal: AbortSignal,
  log: Log,
): Promise<DesiredSettings> {
  let state = await page.readPanel(signal);
  let wanted = toDesiredSettings(plan, system, model, state);
  if (!isChosen(page, state, wanted)) {
    state = await chooseModel(page, wanted, model, signal, log);
    wanted = toDesiredSettings(plan, system, model, state);
  }
  wanted = withTitle(wanted, state);
  let difference = diffPanel(state, wanted);
  const late = [...difference.missing, ...unseen(state, model)];
  if (isNews(page, wanted, late)) {
    state = await page.readPanel(signal, late);
    wanted = withTitle(toDesiredSettings(plan, system, model, state), state);
    difference = diffPanel(state, wanted);
    absentOn(page).set(wanted.modelId, [...difference.missing, ...unseen(state, model)]);
  }
  for (let round = 0; difference.changes.length > 0; round++) {
    if (round === 3) throw notStaying(difference.changes);
    ({ state } = await change(page, difference.changes, wanted, signal));
    difference = withoutWriteOnly(diffPanel(state, wanted), state, wanted);
    if (difference.changes.length === 0) break;
    await page.untilSettled(signal); // what was changed may be shown late
    state = await page.readPanel(signal);
    difference = withoutWriteOnly(diffPanel(state, wanted), state, wanted);
  }
  const ignored = [
    ...wanted.ignored,
    ...ignoredOrRefused(difference.missing, plan.settings, model),
  ];
  if (ignored.length > 0) log.info('settings ignored', { ignored });
  const offered = Object.entries(wanted.numbers).filter(
    ([name]) => !difference.missing.includes(name),
  );
  const absent = TOGGLE_NAMES.filter((name) => state.toggles[name] === undefined);
  const uncontrolled = [...new Set([...difference.missing, ...absent])];
  return { ...wanted, numbers: Object.fromEntries(offered), ignored, uncontrolled };
}

/**
 * Makes good what the page has undone since: a change of model resets settings some time after it,
 * and typing the prompt lets some fall back to their defaults in silence (page.md §6.1, §10, 17).
 */
export async function confirmSettings(
  page: StudioPage,
  wanted: DesiredSettings,
  signal: AbortSignal,
): Promise<void> {
  for (let round = 0; ; round++) {
    await page.untilSettled(signal);
    const state = await page.readPanel(signal);
    const { changes } = withoutWriteOnly(diffPanel(state, wanted), state, wanted);
    if (changes.length === 0) return;
    if (round === 2) throw notStaying(changes);
    await change(page, changes, wanted, signal);
  }
}

/** Controls that are known to be absent from a page, by model: nobody waits for them again. */
const absences = new WeakMap<StudioPage, Map<string, readonly string[]>>();

function absentOn(page: StudioPage): Map<string, readonly string[]> {
  const known = absences.get(page) ?? new Map<string, readonly string[]>();
  absences.set(page, known);
  return known;
}

/** Switches that are not shown, or not yet, though the model has what they are for. */
const unseen = (state: PanelState, model: ModelInfo | undefined): string[] =>
  TOGGLE_NAMES.filter((name) => !state.toggles[name] && hasCapability(model, name));

function isNews(
  page: StudioPage,
  { modelId }: DesiredSettings,
  missing: readonly string[],
): boolean {
  const known = absentOn(page).get(modelId) ?? [];
  return missing.some((name) => !known.includes(name));
}

async function change(
  page: StudioPage,
  changes: readonly PanelChange[],
  wanted: DesiredSettings,
  signal: AbortSignal,
): Promise<{ state: PanelState }> {
  const { state, problem } = await page.changePanel(changes, signal);
  const failed = problem && changes[problem.index];
  if (problem) {
    const part = partOf(failed) ?? excludedBy(problem, failed, wanted);
    throw asNative(part, toError(problem, failed));
  }
  return { state };
}

function toError(problem: PanelProblem, failed: PanelChange | undefined): StudioError {
  const { kind, detail } = problem;
  if (kind === 'rejected') {
    const param = failed?.type === 'functions' ? 'tools' : 'response_format';
    return new StudioError('invalid_value', `AI Studio does not accept it: ${detail}`, { param });
  }
  const what = failed ? describe(failed) : 'a setting';
  const step = failed?.type === 'model' ? 'pick the model' : 'change the run settings';
  return new PageError(step, `${what}: ${kind} (${detail})`);
}

function partOf(failed: PanelChange | undefined): NativePart | undefined {
  if (failed?.type === 'functions') return 'functions';
  if (failed?.type === 'schema') return 'format';
  if (failed?.type === 'system' && failed.text !== '') return 'system';
  return failed?.type === 'toggle' && failed.isOn ? PART_OF[failed.name] : undefined;
}

/**
 * What keeps a tool from being switched on: tools exclude each other on the page, and the one that can
 * also be had by words may still be on from the last prompt (page.md §6.5).
 */
function excludedBy(
  { kind }: PanelProblem,
  failed: PanelChange | undefined,
  { functionsJson, schemaJson }: DesiredSettings,
): NativePart | undefined {
  if (kind !== 'disabled' || failed?.type !== 'toggle' || !failed.isOn) return undefined;
  if (functionsJson !== undefined) return 'functions';
  return schemaJson === undefined ? undefined : 'format';
}

const asNative = (part: NativePart | undefined, fault: StudioError): StudioError =>
  part ? new NotNativeError(part, fault) : fault;

/** Leaves out what the panel cannot show: it was written, and its switch proves that it stayed. */
function withoutWriteOnly(
  difference: Difference,
  state: PanelState,
  wanted: DesiredSettings,
): Difference {
  const isProved = (item: PanelChange): boolean =>
    (item.type === 'system' && state.hasSystem === (wanted.system !== '')) ||
    (item.type === 'functions' && state.toggles.functionCalling?.isOn === true) ||
    (item.type === 'schema' && state.toggles.structuredOutput?.isOn === true);
  return { ...difference, changes: difference.changes.filter((item) => !isProved(item)) };
}

/** What the page cannot show: harmless when nobody asked for it, else ignored or refused. */
function ignoredOrRefused(
  missing: readonly string[],
  settings: Settings,
  model: ModelInfo | undefined,
): DesiredSettings['ignored'] {
  const asked: Readonly<Record<string, unknown>> = settings;
  for (const name of missing) {
    const param = PARAM_OF[name];
    if (!param) continue;
    const message = `AI Studio offers no '${name}' for this model.`;
    const fault = hasCapability(model, name)
      ? new PageError('change the run settings', `the page shows no '${name}'`)
      : new StudioError('unsupported_parameter', message, { param });
    throw asNative(PART_OF[name], fault);
  }
  return missing
    .filter((name) => asked[name] !== undefined)
    .map((setting) => ({ setting, reason: 'the page has no such control' }));
}

/** Whether the model list says that the model has what the page shows no control for. */
function hasCapability(model: ModelInfo | undefined, name: string): boolean {
  const codes: Readonly<Record<string, number>> = CAPABILITY;
  const code = codes[name === 'functionCalling' ? 'functions' : name];
  return code !== undefined && model?.capabilities.includes(code) === true;
}

const notStaying = (changes: readonly PanelChange[]): PageError =>
  new PageError(
    'change the run settings',
    `they did not stay: ${changes.map(describe).join(', ')}`,
  );

const editorFor = (name: string, wanted: DesiredSettings): string | undefined =>
  name === 'functionCalling'
    ? wanted.functionsJson
    : name === 'structuredOutput'
      ? wanted.schemaJson
      : undefined;

function editorChanges(state: PanelState, wanted: DesiredSettings): PanelChange[] {
  const { functionsJson, schemaJson } = wanted;
  return [
    ...(functionsJson !== undefined && state.toggles.functionCalling
      ? [{ type: 'functions' as const, json: functionsJson }]
      : []),
    ...(schemaJson !== undefined && state.toggles.structuredOutput
      ? [{ type: 'schema' as const, json: schemaJson }]
      : []),
  ];
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

const describe = (item: PanelChange): string =>
  'name' in item ? `${item.type} ${item.name}` : item.type;
