import { type Log, type ModelInfo, type Plan, type Settings, StudioError } from '@aistudio/core';

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
import { toWanted, type Wanted } from './wanted.ts';

/** What a request is told when the page lacks a control it needs: the parameter it came from. */
const PARAM_OF: Partial<Record<string, string>> = {
  functionCalling: 'tools',
  googleSearch: 'tools',
  urlContext: 'tools',
  codeExecution: 'tools',
  structuredOutput: 'response_format',
  stop: 'stop',
  system: 'messages',
};

/** What can also be had by words, by the control that is for it. */
const PART_OF: Partial<Record<string, NativePart>> = {
  functionCalling: 'functions',
  structuredOutput: 'format',
  system: 'system',
};

/** Names of wishes for which the page has no control. */
export interface Difference {
  readonly changes: PanelChange[];
  readonly missing: string[];
}

/**
 * What must change on the panel, in an order the page allows: the model first (it resets the rest),
 * tools off before tools on (they exclude each other), the rest after.
 */
export function diffPanel(state: PanelState, wanted: Wanted): Difference {
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
 * another wish the page has no control for and that must not be lost, `model_not_found` when the model cannot be picked, a {@link PageError} when the page does not follow.
 */
export async function applySettings(
  page: StudioPage,
  plan: Plan,
  system: string,
  model: ModelInfo | undefined,
  signal: AbortSignal,
  log: Log,
): Promise<Wanted> {
  let state = await page.readPanel(signal);
  let wanted = toWanted(plan, system, model, state);
  if (!isModel(state, wanted)) {
    const { changes } = diffPanel(state, wanted);
    ({ state } = await change(page, changes, signal));
    await page.makeTemporary(signal);
    wanted = toWanted(plan, system, model, state);
  }
  let difference = diffPanel(state, wanted);
  for (let round = 0; difference.changes.length > 0; round++) {
    if (round === 3) throw notStaying(difference.changes);
    ({ state } = await change(page, difference.changes, signal));
    difference = withoutWriteOnly(diffPanel(state, wanted), state, wanted);
  }
  const ignored = [...wanted.ignored, ...ignoredOrRefused(difference.missing, plan.settings)];
  if (ignored.length > 0) log.info('settings ignored', { ignored });
  const offered = Object.entries(wanted.numbers).filter(
    ([name]) => !difference.missing.includes(name),
  );
  return { ...wanted, numbers: Object.fromEntries(offered), ignored };
}

/**
 * Makes good what typing the prompt may have undone: some settings are known to fall back to their
 * defaults in silence (page.md §10, 17).
 */
export async function confirmSettings(
  page: StudioPage,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<void> {
  let state = await page.readPanel(signal);
  for (let round = 0; ; round++) {
    const { changes } = withoutWriteOnly(diffPanel(state, wanted), state, wanted);
    if (changes.length === 0) return;
    if (round === 2) throw notStaying(changes);
    ({ state } = await change(page, changes, signal));
  }
}

async function change(
  page: StudioPage,
  changes: readonly PanelChange[],
  signal: AbortSignal,
): Promise<{ state: PanelState }> {
  const { state, problem } = await page.changePanel(changes, signal);
  const failed = problem && changes[problem.index];
  if (problem) throw asNative(partOf(failed), toError(problem, failed));
  return { state };
}

function toError(problem: PanelProblem, failed: PanelChange | undefined): StudioError {
  const { kind, detail } = problem;
  if (failed?.type === 'model' && kind === 'missing') {
    return new StudioError('model_not_found', `AI Studio's model list has no '${failed.id}'.`, {
      param: 'model',
    });
  }
  if (kind === 'rejected') {
    const param = failed?.type === 'functions' ? 'tools' : 'response_format';
    return new StudioError('invalid_value', `AI Studio does not accept it: ${detail}`, { param });
  }
  const what = failed ? describe(failed) : 'a setting';
  return new PageError('change the run settings', `${what}: ${kind} (${detail})`);
}

function partOf(failed: PanelChange | undefined): NativePart | undefined {
  if (failed?.type === 'functions') return 'functions';
  if (failed?.type === 'schema') return 'format';
  return failed?.type === 'toggle' && failed.isOn ? PART_OF[failed.name] : undefined;
}

const asNative = (part: NativePart | undefined, fault: StudioError): StudioError =>
  part ? new NotNativeError(part, fault) : fault;

/** Leaves out what the panel cannot show: it was written, and its switch proves that it stayed. */
function withoutWriteOnly(difference: Difference, state: PanelState, wanted: Wanted): Difference {
  const isProved = (item: PanelChange): boolean =>
    (item.type === 'system' && state.hasSystem === (wanted.system !== '')) ||
    (item.type === 'functions' && state.toggles.functionCalling?.isOn === true) ||
    (item.type === 'schema' && state.toggles.structuredOutput?.isOn === true);
  return { ...difference, changes: difference.changes.filter((item) => !isProved(item)) };
}

/** What the page cannot show: harmless when nobody asked for it, else ignored or refused. */
function ignoredOrRefused(missing: readonly string[], settings: Settings): Wanted['ignored'] {
  const asked: Readonly<Record<string, unknown>> = settings;
  for (const name of missing) {
    const param = PARAM_OF[name];
    if (param) {
      const message = `AI Studio offers no '${name}' for this model.`;
      throw asNative(PART_OF[name], new StudioError('unsupported_parameter', message, { param }));
    }
  }
  return missing
    .filter((name) => asked[name] !== undefined)
    .map((setting) => ({ setting, reason: 'the page has no such control' }));
}

const notStaying = (changes: readonly PanelChange[]): PageError =>
  new PageError(
    'change the run settings',
    `they did not stay: ${changes.map(describe).join(', ')}`,
  );

const isModel = (state: PanelState, wanted: Wanted): boolean =>
  state.modelId === undefined
    ? state.modelTitle === wanted.modelTitle || state.modelTitle === wanted.modelId
    : state.modelId === wanted.modelId;

const editorFor = (name: string, wanted: Wanted): string | undefined =>
  name === 'functionCalling'
    ? wanted.functionsJson
    : name === 'structuredOutput'
      ? wanted.schemaJson
      : undefined;

function editorChanges(state: PanelState, wanted: Wanted): PanelChange[] {
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
