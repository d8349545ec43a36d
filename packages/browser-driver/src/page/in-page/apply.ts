import { type PanelChange, type PanelProblem, type PanelState } from '../panel-state.ts';
import { type PanelDialogs } from './panel-dialogs.ts';
import { type Outcome, type Panel } from './panel.ts';

/** Makes many changes in one go; gives what the panel shows afterwards and what went wrong first. */
export type Apply = (
  changes: readonly PanelChange[],
) => Promise<{ state: PanelState; problem?: PanelProblem }>;

/** Makes {@link Apply}. Runs in the page: refers to nothing outside itself. */
export function createApply(panel: Panel, dialogs: PanelDialogs): Apply {
  /**
   * A tool with an editor. Whether its switch works before the editor has content differs between
   * versions of the page (page.md §6.5), so: switch, else editor first.
   */
  const enable = async (
    toggle: 'functionCalling' | 'structuredOutput',
    button: 'editFunctions' | 'editSchema',
    json: string,
  ): Promise<Outcome> => {
    const early = await panel.setToggle(toggle, true);
    if (early?.kind === 'missing') return early;
    return (await dialogs.edit(button, json)) ?? panel.setToggle(toggle, true);
  };

  const make = async (change: PanelChange): Promise<Outcome> => {
    if (change.type === 'model') return dialogs.pickModel(change.id, change.title);
    if (change.type === 'system') return dialogs.setSystem(change.text);
    if (change.type === 'toggle') return panel.setToggle(change.name, change.isOn);
    if (change.type === 'functions') return enable('functionCalling', 'editFunctions', change.json);
    if (change.type === 'schema') return enable('structuredOutput', 'editSchema', change.json);
    if (change.type === 'level') return panel.setLevel(change.level);
    if (change.type === 'number') return panel.setNumber(change.name, change.value);
    return panel.setStop(change.sequences);
  };

  return async (changes) => {
    for (const [index, change] of changes.entries()) {
      const outcome = await make(change);
      if (outcome) return { state: panel.read(), problem: { index, ...outcome } };
    }
    return { state: panel.read() };
  };
}
