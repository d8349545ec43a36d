import { type PageConfig } from '../site/html.ts';
import { type App, type RunState } from './app.ts';
import { createAttachments } from './attachments.ts';
import { createAutosave } from './autosave.ts';
import { createChat } from './chat.ts';
import { button, delay, h } from './dom.ts';
import { watchIntrusions } from './fault-dialogs.ts';
import { watchTooltip } from './fault-tooltip.ts';
import { icon } from './icons.ts';
import { followSwitches } from './live.ts';
import { marksOf } from './marks.ts';
import { type Model, readModels } from './model-record.ts';
import { createMoreActions } from './more-actions.ts';
import { createNewChatButton } from './new-chat.ts';
import { createOverlays } from './overlays.ts';
import { preferences } from './preferences.ts';
import { createPromptBox } from './prompt-box.ts';
import { createRpc } from './rpc.ts';
import { createRunSettings } from './run-settings.ts';
import { createRunner } from './runner.ts';
import { defaultSettings, preferredModelId, withModel } from './settings.ts';
import { createHiddenDescriptions, createNavbar, createToolbar } from './shell.ts';
import { createStore } from './store.ts';
import { createTemporaryChatIndicator, createTemporaryChatToggle } from './temporary-chat.ts';
import { createToasts } from './toasts.ts';
import { watchTokens } from './token-counter.ts';

const FIRST_MODEL = 'gemini-3-flash-preview';
const SLOW_PAGE_MS = 10_000;
const RENAMED_TOGGLE = 'button.inspector-switch[aria-label="Show the settings of the run"]';

const config: PageConfig = JSON.parse(document.querySelector('#page-config')?.textContent ?? '{}');
const live = followSwitches(config.switches);
const { variant } = config.switches.options;

const app: App = {
  config,
  live,
  variant,
  marks: marksOf(variant),
  rpc: createRpc(config, live),
  overlays: createOverlays(live),
  toasts: createToasts(live),
  models: createStore<readonly Model[]>([]),
  settings: createStore(defaultSettings(undefined)),
  runState: createStore<RunState>('idle'),
  isTemporary: createStore(false),
  isVoting: createStore(false),
  isCounting: createStore(false),
  tokenTotal: createStore(0),
};

document.body.append(createHiddenDescriptions());
Object.assign(window, { default_MakerSuite: {} }); // the real bundle leaves this behind
await delay(live.take('slow-page') ? SLOW_PAGE_MS : live.timing.shell);
showPage();
watchIntrusions(app);
watchTooltip(app);
await loadModels();

function showPage(): void {
  const chat = createChat(app);
  const attachments = createAttachments(app);
  const runner = createRunner(app, chat);
  const prompt = createPromptBox(app, attachments, {
    onRun: (text, files) => void runner.send(text, files),
    onStop: () => runner.stop(),
  });
  const title = h('h1.page-title', {}, 'Chat');
  const setTitle = (text: string): void => {
    title.textContent = text;
    document.title = text === 'Chat' ? 'Google AI Studio' : `${text} - Google AI Studio`;
  };
  const autosave = createAutosave(app, chat, setTitle);
  const startNewChat = (): void => {
    autosave.forget();
    chat.clear();
    prompt.clear();
    setTitle('Chat');
    app.isTemporary.set(false);
    app.settings.set(defaultSettings(app.settings.value.model));
    history.pushState(null, '', newChatPath());
  };
  watchTokens(app, chat, prompt);
  prompt.text.watch((text) => {
    if (text !== '' && live.take('settings-reset'))
      app.settings.set(defaultSettings(app.settings.value.model));
  });
  const panel = createRunSettings(app, selectModel);
  const panelToggle = button(
    live.isOn('renamed-panel-toggle') ? RENAMED_TOGGLE : app.marks.panelToggle,
    { type: 'button', onClick: () => panel.isOpen.set(!panel.isOpen.value) },
    icon('tune'),
  );
  document
    .querySelector('app-root')
    ?.replaceChildren(
      h(
        'ms-app',
        {},
        createNavbar(),
        h(
          'div.layout-main',
          {},
          createToolbar(
            title,
            ...(variant === 'u3' ? [] : [createTemporaryChatToggle(app, chat)]),
            createNewChatButton(app, chat, prompt, autosave, startNewChat),
            createMoreActions(app, chat),
            panelToggle,
          ),
          h(
            'div.page-body',
            {},
            h(
              'ms-chunk-editor',
              {},
              createTemporaryChatIndicator(app),
              chat.element,
              h('footer', {}, prompt.element),
            ),
            panel.element,
          ),
        ),
      ),
    );
  prompt.focus();
}

/**
 * Loads what the page needs from the service (wire-format.md §3), then shows the model it is to
 * use.
 */
async function loadModels(): Promise<void> {
  const quietly = async (method: string, request: unknown): Promise<void> => {
    await app.rpc.call(method, request).catch(() => {}); // the page works without
  };
  void quietly('GenerateAccessToken', ['users/me']);
  void quietly('GetLoggingContext', []);
  void quietly('GetAiStudioBenefitTier', []);
  void quietly('ListPrompts', []);
  const models = readModels(await app.rpc.call('ListModels', []).catch(() => [[]]));
  app.models.set(models);
  const asked = new URLSearchParams(location.search).get('model');
  if (asked !== null) {
    preferences.save({ _promptModelOverride: `models/${asked}` });
    history.replaceState(null, '', location.pathname);
  }
  const wanted = preferredModelId() ?? FIRST_MODEL;
  const model =
    models.find(({ id }) => id === wanted) ?? models.find(({ id }) => id === FIRST_MODEL);
  if (model) app.settings.set(withModel(app.settings.value, model));
}

function selectModel(model: Model): void {
  if (live.take('model-switch-ignored')) return;
  preferences.save({ promptModel: `models/${model.id}`, _promptModelOverride: undefined });
  app.isTemporary.set(false);
  app.settings.set(withModel(app.settings.value, model));
}

function newChatPath(): string {
  const account = /^\/u\/\d+/.exec(location.pathname)?.[0] ?? '';
  return `${account}/prompts/new_chat`;
}
