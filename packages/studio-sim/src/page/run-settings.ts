import { type App } from './app.ts';
import { button, delay, fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { CAPABILITY, type Model } from './model-record.ts';
import { createModelSelector } from './model-selector.ts';
import { bind, type Limits, numberBox, settingRow, sliderControl } from './number-control.ts';
import { preferences } from './preferences.ts';
import { createSafetySettings } from './safety-settings.ts';
import { createSelect } from './select-control.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { createStopSequences } from './stop-sequences.ts';
import { createStore, type Store } from './store.ts';
import { createSystemInstructions } from './system-instructions.ts';
import { createThinkingSettings } from './thinking-settings.ts';
import { createToolSettings } from './tool-settings.ts';

/** The panel on the right (page.md §6). */
export interface RunSettings {
  readonly element: HTMLElement;
  readonly isOpen: Store<boolean>;
}

const NARROW = 960;
const TOP_K: Limits = { min: 1, max: 64, isWhole: true };
const RESOLUTIONS = [
  [0, 'Default'],
  [1, 'Low'],
  [2, 'Medium'],
  [3, 'High'],
] as const;

/**
 * Makes the panel; its contents leave the DOM while it is closed. In a narrow window, or with the
 * `narrow-panel` fault, it lies over the prompt and covers Run.
 */
export function createRunSettings(app: App, onSelectModel: (model: Model) => void): RunSettings {
  const isOpen = createStore(app.variant !== 'u3' && window.innerWidth > NARROW);
  const element = h('ms-right-side-panel');
  const content = panelContent(app, onSelectModel, () => isOpen.set(false));
  const showContent = async (open: boolean): Promise<void> => {
    await delay(app.live.timing.panel);
    if (isOpen.value === open) fill(element, open && content);
  };
  const lay = (): void => {
    const isOver = window.innerWidth <= NARROW || app.live.isOn('narrow-panel');
    element.classList.toggle('over-prompt', isOver);
  };
  isOpen.watch((open) => {
    element.classList.toggle('open', open);
    void showContent(open);
  });
  window.addEventListener('resize', lay);
  app.live.watch(lay);
  return { element, isOpen };
}

function panelContent(
  app: App,
  onSelectModel: (model: Model) => void,
  onClose: () => void,
): HTMLElement {
  const { settings, marks } = app;
  const reset = (): void =>
    settings.set({
      ...defaultSettings(settings.value.model),
      systemInstruction: settings.value.systemInstruction,
    });
  return h(
    'div.panel-content-wrapper',
    {},
    h(
      'div.panel-header',
      {},
      h('h2', {}, 'Run settings'),
      h('button#getCodeBtn[aria-label="Get code"]', {}, icon('code')),
      h(
        'button#resetSettingsBtn[aria-label="Reset default settings"]',
        { onClick: reset },
        icon('restart_alt'),
      ),
      h(marks.panelClose, { onClick: onClose }, icon('close')),
    ),
    h(
      'div.scrollable-area',
      {},
      h(
        'ms-run-settings.expanded',
        {},
        h(
          'div.settings-items-wrapper',
          {},
          createModelSelector(app, onSelectModel),
          createSystemInstructions(app),
          temperature(app),
          mediaResolution(app),
          createThinkingSettings(app),
          group(app, 'Tools', marks.toolsExpander, 'areToolsOpen', [createToolSettings(app)]),
          group(app, 'Advanced settings', marks.advancedExpander, 'isAdvancedOpen', [
            createSafetySettings(app),
            settingRow('div.settings-item', 'Add stop sequence', createStopSequences(app)),
            outputLength(app),
            topP(app),
            topK(app),
          ]),
        ),
      ),
    ),
  );
}

/** A group that folds; open or not is remembered. */
function group(
  app: App,
  title: string,
  mark: string,
  preference: 'areToolsOpen' | 'isAdvancedOpen',
  rows: readonly HTMLElement[],
): HTMLElement {
  const body = h('div.settings-group-body');
  const expander = button(mark, { onClick: () => void toggle() });
  const element = h(
    'div.settings-item.settings-group',
    {},
    h('div.settings-group-header', {}, h('p.group-title', {}, title), expander),
    body,
  );
  const show = (): void => {
    const isOpen = preferences.value[preference];
    element.classList.toggle('expanded', isOpen);
    fill(expander, icon(isOpen ? 'expand_less' : 'expand_more'));
    fill(body, ...(isOpen ? rows : []));
  };
  const toggle = async (): Promise<void> => {
    preferences.save({ [preference]: !preferences.value[preference] });
    await delay(app.live.timing.panel);
    show();
  };
  show();
  return element;
}

/** A row that is there only while this holds for the settings. */
function onlyWhile(
  { settings }: App,
  row: HTMLElement,
  holds: (settings: Settings) => boolean,
): HTMLElement {
  const place = h('div.settings-place');
  bind(settings, holds, (isThere) => fill(place, isThere && row));
  return place;
}

function temperature(app: App): HTMLElement {
  const slider = sliderControl(
    'Temperature',
    () => ({ min: 0, max: 2 }),
    0.05,
    (value) => app.settings.patch({ temperature: value }),
  );
  app.settings.watch((settings) => slider.show(settings.temperature));
  const row = settingRow(app.marks.temperature, 'Temperature', slider.element);
  return onlyWhile(app, row, (settings) => settings.temperature !== undefined);
}

function topP(app: App): HTMLElement {
  const slider = sliderControl(
    'Top P',
    () => ({ min: 0, max: 1 }),
    0.05,
    (value) => app.settings.patch({ topP: value }),
  );
  app.settings.watch((settings) => slider.show(settings.topP));
  const row = settingRow(app.marks.topP, 'Top P', slider.element);
  return onlyWhile(app, row, (settings) => settings.topP !== undefined);
}

/** Only models of the generation before thinking still show it. */
function topK(app: App): HTMLElement {
  const box = numberBox(
    'input[type="number"][aria-label="Top K"]',
    {},
    () => TOP_K,
    (value) => app.settings.patch({ topK: value }),
  );
  app.settings.watch((settings) => box.show(settings.topK));
  const row = settingRow('div.settings-item', 'Top K', box.input);
  return onlyWhile(app, row, ({ model, topK: k }) => k !== undefined && !model?.thinking);
}

function outputLength(app: App): HTMLElement {
  const limits = (): Limits => ({
    min: 1,
    max: app.settings.value.model?.outputLimit ?? 1,
    isWhole: true,
  });
  const box = numberBox(app.marks.outputLength, {}, limits, (value) =>
    app.settings.patch({ maxOutputTokens: value }),
  );
  app.settings.watch((settings) => box.show(settings.maxOutputTokens));
  return settingRow('div.settings-item.output-length', 'Output length', box.input);
}

function mediaResolution(app: App): HTMLElement {
  const mark = 'mat-select[aria-label="Media resolution"]';
  const select = createSelect(
    app.overlays,
    mark,
    () => RESOLUTIONS,
    (value) => app.settings.patch({ mediaResolution: value }),
  );
  app.settings.watch((settings) => select.show(RESOLUTIONS[settings.mediaResolution]?.[0]));
  const row = settingRow('div.settings-item', 'Media resolution', select.element);
  return onlyWhile(
    app,
    row,
    ({ model }) => model?.capabilities.has(CAPABILITY.mediaResolution) ?? false,
  );
}
