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
  const level = levelSetting(app);
  const budget = budgetSetting(app);
  const element = h('div.field-group.thinking-group');
  app.effects.followPart(
    app.settings,
    ({ model }) => model,
    (model) => {
      const { levels = [], maxBudget } = model?.thinking ?? {};
      fill(element, levels.length > 0 ? level : maxBudget !== undefined && budget);
    },
  );
  return element;
}

function levelSetting(app: App): HTMLElement {
  const { settings, effects, marks } = app;
  const options = (): (readonly [number, string])[] =>
    (settings.value.model?.thinking?.levels ?? []).map((code) => [code, nameOf(code)]);
  const select = createSelect(app, marks.thinkingLevel, options, (level) =>
    settings.patch({ level }),
  );
  effects.followPart(
    settings,
    ({ level, model }) => [level, model] as const,
    ([level]) => select.show(level),
  );
  const row = settingRow(
    'div.settings-item.settings-item-column[mattooltip="Set the thinking level"]',
    'Thinking level',
    select.element,
  );
  return h('ms-thinking-level-setting', {}, row);
}

function budgetSetting({ settings, effects, marks }: App): HTMLElement {
  const mode = createSlideToggle(
    effects,
    marks.thinkingModeHost,
    marks.thinkingMode,
    (isThinkingOn) => settings.patch({ isThinkingOn }),
  );
  const manual = createSlideToggle(
    effects,
    marks.manualBudgetHost,
    marks.manualBudget,
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

  effects.followPart(
    settings,
    ({ isThinkingOn, model }) => [isThinkingOn, model] as const,
    ([isThinkingOn]) => mode.show(isThinkingOn),
  );
  effects.followPart(
    settings,
    ({ isBudgetManual, model }) => [isBudgetManual, model] as const,
    ([isBudgetManual]) => manual.show(isBudgetManual),
  );
  effects.followPart(
    settings,
    ({ budget, model }) => [budget, model] as const,
    ([budget]) => slider.show(budget),
  );
  effects.followPart(
    settings,
    ({ model, isThinkingOn, isBudgetManual }) => [model, isThinkingOn, isBudgetManual] as const,
    ([model, isThinkingOn, isBudgetManual]) =>
      fill(
        element,
        model?.thinking?.canBeOff && modeRow,
        isThinkingOn && manualRow,
        isThinkingOn && isBudgetManual && sliderRow,
      ),
  );
  return element;
}

function nameOf(code: number): string {
  const found = Object.entries(THINKING_LEVELS).find(([each]) => Number(each) === code);
  return found ? LEVEL_NAMES[found[1]] : '';
}
