/// <reference lib="dom" />
import { type PanelChange, type PanelProblem, type PanelState } from '../panel-state.ts';
import { type Dom } from './dom.ts';
import { type Outcome } from './ensure.ts';
import { type PanelDialogs } from './panel-dialogs.ts';
import { type Panel } from './panel.ts';

/** Makes many changes in one go; gives what the panel shows afterwards and what went wrong first. */
export type Apply = (
  changes: readonly PanelChange[],
) => Promise<{ state: PanelState; problem?: PanelProblem }>;

/** Makes {@link Apply}. Runs in the page: refers to nothing outside itself. */
export function createApply(
  dom: Pick<Dom, 'find' | 'isDisabled' | 'until'>,
  panel: Panel,
  dialogs: PanelDialogs,
): Apply {
  /** Longest time until a switch or the editor behind it can be used, ms. */
  const USABLE_MS = 3000;

  /**
   * A tool with an editor. Today's page unlocks the Edit button some time after the switch; older
   * ones let the switch be used only once the editor has content (page.md §6.5).
   */
  const enable = async (
    toggle: 'functionCalling' | 'structuredOutput',
    button: 'editFunctions' | 'editSchema',
    json: string,
  ): Promise<Outcome> => {
    const isUsable = (name: typeof toggle | typeof button): boolean => {
      const found = dom.find(name);
      return found !== undefined && !dom.isDisabled(found);
    };
    await dom.until(() => isUsable(toggle) || isUsable(button), USABLE_MS);
    if (isUsable(toggle)) await panel.setToggle(toggle, true);
    if (!dom.find(toggle)) return { kind: 'missing', detail: toggle };
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
