import { THINKING_LEVELS } from '../wire/codes.ts';
import { type App } from './app.ts';
import { fill, h } from './dom.ts';
import { type Limits, settingRow, sliderControl } from './number-control.ts';
import { preferences } from './preferences.ts';
import { createSelect } from './select-control.ts';
import { createSlideToggle } from './slide-toggle.ts';

const LEVEL_NAMES = { minimal: 'Minimal', low: 'Low', medium: 'Medium', high: 'High' } as const;

/** The Thinking group: a level or a budget, as the model has it; nothing for others (page.md §6.4). */
export function createThinkingSettings(app: App): HTMLElement {
  const header = h('div.settings-group-header', {}, h('p.group-title', {}, 'Thinking'));
  const level = levelSetting(app);
  const budget = budgetSetting(app);
  const element = h('div.settings-item.thinking-group');
  app.settings.watch(({ model }) => {
    const { levels = [], maxBudget } = model?.thinking ?? {};
    const control = levels.length > 0 ? level : maxBudget === undefined ? undefined : budget;
    fill(element, ...(control ? [header, control] : []));
  });
  return element;
}

function levelSetting({ settings, overlays, marks }: App): HTMLElement {
  const options = (): (readonly [number, string])[] =>
    (settings.value.model?.thinking?.levels ?? []).map((code) => [code, nameOf(code)]);
  const select = createSelect(overlays, marks.thinkingLevel, options, (level) =>
    settings.patch({ level }),
  );
  settings.watch(({ level }) => select.show(level));
  return settingRow('ms-thinking-level-setting', 'Thinking level', select.element);
}

function budgetSetting({ settings, live, marks }: App): HTMLElement {
  const mode = createSlideToggle(
    live,
    marks.thinkingModeHost,
    marks.thinkingMode,
    'Thinking mode',
    (isThinkingOn) => settings.patch({ isThinkingOn }),
  );
  const manual = createSlideToggle(
    live,
    marks.manualBudgetHost,
    marks.manualBudget,
    'Set thinking budget',
    (isBudgetManual) => settings.patch({ isBudgetManual }),
  );
  const limits = (): Limits => {
    const { minBudget = 0, maxBudget = 0 } = settings.value.model?.thinking ?? {};
    return { min: minBudget, max: maxBudget, isWhole: true };
  };
  const slider = sliderControl('Thinking budget', limits, 1, (budget) => {
    const { thinkingBudgetsByModel } = preferences.value;
    const path = `models/${settings.value.model?.id ?? ''}`;
    preferences.save({ thinkingBudgetsByModel: { ...thinkingBudgetsByModel, [path]: budget } });
    settings.patch({ budget });
  });
  slider.element.toggleAttribute('data-test-slider', true);
  const modeRow = settingRow('div.settings-item.inline', 'Thinking mode', mode.element);
  const manualRow = settingRow('div.settings-item.inline', 'Set thinking budget', manual.element);
  const sliderRow = h(marks.budget, {}, slider.element);
  const element = h('ms-thinking-budget-setting');

  settings.watch(({ model, isThinkingOn, isBudgetManual, budget }) => {
    mode.show(isThinkingOn);
    manual.show(isBudgetManual);
    slider.show(budget);
    fill(
      element,
      model?.thinking?.canBeOff && modeRow,
      isThinkingOn && manualRow,
      isThinkingOn && isBudgetManual && sliderRow,
    );
  });
  return element;
}

function nameOf(code: number): string {
  const found = Object.entries(THINKING_LEVELS).find(([each]) => Number(each) === code);
  return found ? LEVEL_NAMES[found[1]] : '';
}
