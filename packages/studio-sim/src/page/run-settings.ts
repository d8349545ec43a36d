import { type App } from './app.ts';
import { button, delay, fill, h } from './dom.ts';
import { icon } from './icons.ts';
import { type Model } from './model-record.ts';
import { createModelSelector } from './model-selector.ts';
import { settingRow } from './number-control.ts';
import { preferences } from './preferences.ts';
import { createSafetySettings } from './safety-settings.ts';
import { mediaResolution, outputLength, temperature, topK, topP } from './sampling-settings.ts';
import { defaultSettings } from './settings.ts';
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

/**
 * Makes the panel; its contents leave the DOM while it is closed. In a narrow window, or with the
 * `narrow-panel` fault, it lies over the prompt and covers Run.
 */
export function createRunSettings(app: App, onSelectModel: (model: Model) => void): RunSettings {
  const isOpen = createStore(
    app.variant !== 'u3' && window.innerWidth > NARROW && !app.live.isOn('renamed-panel-toggle'),
  );
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
