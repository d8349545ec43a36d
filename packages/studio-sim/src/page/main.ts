import { type PageConfig } from '../site/html.ts';
import { type App, type RunState } from './app.ts';
import { createChat } from './chat.ts';
import { button, delay, h } from './dom.ts';
import { icon } from './icons.ts';
import { followSwitches } from './live.ts';
import { marksOf } from './marks.ts';
import { type Model, readModels } from './model-record.ts';
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
import { createToasts } from './toasts.ts';
import { watchTokens } from './token-counter.ts';

const FIRST_MODEL = 'gemini-3-flash-preview';

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
  tokenTotal: createStore(0),
};

document.body.append(createHiddenDescriptions());
Object.assign(window, { default_MakerSuite: {} }); // the real bundle leaves this behind
await delay(live.timing.shell);
showPage();
await start();

function showPage(): void {
  const chat = createChat(app);
  const runner = createRunner(app, chat);
  const prompt = createPromptBox(app, {
    onRun: (text) => void runner.send(text),
    onStop: () => runner.stop(),
  });
  watchTokens(app, chat, prompt);
  const panel = createRunSettings(app, selectModel);
  const newChat = createNewChatButton(app, chat, prompt, () => {
    chat.clear();
    app.settings.set(defaultSettings(app.settings.value.model));
    history.pushState(null, '', newChatPath());
  });
  const panelToggle = button(
    app.marks.panelToggle,
    { onClick: () => panel.isOpen.set(!panel.isOpen.value) },
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
          createToolbar(h('h1.page-title', {}, 'Chat'), newChat, panelToggle),
          h(
            'div.page-body',
            {},
            h('ms-chunk-editor', {}, chat.element, h('footer', {}, prompt.element)),
            panel.element,
          ),
        ),
      ),
    );
  prompt.focus();
}

/** Loads what the page needs from the service (wire.md §3). */
async function start(): Promise<void> {
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
  preferences.save({ promptModel: `models/${model.id}` });
  app.settings.set(withModel(app.settings.value, model));
}

function newChatPath(): string {
  const account = /^\/u\/\d+/.exec(location.pathname)?.[0] ?? '';
  return `${account}/prompts/new_chat`;
}
