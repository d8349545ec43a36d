import { type App } from './app.ts';
import { button, delay, fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { type Model } from './model-record.ts';
import { createModelSelector } from './model-selector.ts';
import { bind, type Limits, numberBox, settingRow, sliderControl } from './number-control.ts';
import { preferences } from './preferences.ts';
import { defaultSettings } from './settings.ts';
import { createStopSequences } from './stop-sequences.ts';
import { createStore, type Store } from './store.ts';
import { createSystemInstructions } from './system-instructions.ts';

/** The panel on the right (page.md §6). */
export interface RunSettings {
  readonly element: HTMLElement;
  readonly isOpen: Store<boolean>;
}

const NARROW = 960;
const TEMPERATURE: Limits = { min: 0, max: 2 };
const TOP_P: Limits = { min: 0, max: 1 };

/** Makes the panel; its contents leave the DOM while it is closed. */
export function createRunSettings(app: App, onSelectModel: (model: Model) => void): RunSettings {
  const isOpen = createStore(app.variant !== 'u3' && window.innerWidth > NARROW);
  const element = h('ms-right-side-panel');
  const content = panelContent(app, onSelectModel, () => isOpen.set(false));
  const showContent = async (open: boolean): Promise<void> => {
    await delay(app.live.timing.panel);
    if (isOpen.value === open) fill(element, open && content);
  };
  isOpen.watch((open) => {
    element.classList.toggle('open', open);
    void showContent(open);
  });
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
          group(app, 'Advanced settings', marks.advancedExpander, 'isAdvancedOpen', [
            stopSequences(app),
            outputLength(app),
            topP(app),
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

/** A row that is there only while the setting has a value for the model. */
function showWhenSet(
  app: App,
  row: HTMLElement,
  part: (settings: App['settings']['value']) => unknown,
): void {
  bind(app.settings, part, (value) => row.toggleAttribute('hidden', value === undefined));
}

function temperature(app: App): HTMLElement {
  const slider = sliderControl(
    'Temperature',
    () => TEMPERATURE,
    0.05,
    (value) => app.settings.patch({ temperature: value }),
  );
  bind(
    app.settings,
    (settings) => settings.temperature,
    (value) => slider.show(value),
  );
  const row = settingRow(app.marks.temperature, 'Temperature', slider.element);
  showWhenSet(app, row, (settings) => settings.temperature);
  return row;
}

function topP(app: App): HTMLElement {
  const slider = sliderControl(
    'Top P',
    () => TOP_P,
    0.05,
    (value) => app.settings.patch({ topP: value }),
  );
  bind(
    app.settings,
    (settings) => settings.topP,
    (value) => slider.show(value),
  );
  const row = settingRow(app.marks.topP, 'Top P', slider.element);
  showWhenSet(app, row, (settings) => settings.topP);
  return row;
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
  bind(
    app.settings,
    (settings) => settings.maxOutputTokens,
    (value) => box.show(value),
  );
  return settingRow('div.settings-item.output-length', 'Output length', box.input);
}

function stopSequences(app: App): HTMLElement {
  return settingRow('div.settings-item', 'Add stop sequence', createStopSequences(app));
}
