import { pathOf } from './addresses.ts';
import { type App } from './app.ts';
import { createAttachments } from './attachments.ts';
import { createAutosave } from './autosave.ts';
import { createChat } from './chat.ts';
import { fill, h } from './dom.ts';
import { createMoreActions } from './more-actions.ts';
import { createNewChatButton } from './new-chat.ts';
import { keepOldChat } from './old-chat.ts';
import { createPromptBox, createTokenCount } from './prompt-box.ts';
import { createRunSettings } from './run-settings.ts';
import { createRunner } from './runner.ts';
import { createModelChoice } from './select-model.ts';
import { defaultSettings } from './settings.ts';
import { createNavbar, createPaidCallout, createToolbar } from './shell.ts';
import { createTemporaryChatIndicator, createTemporaryChatToggle } from './temporary-chat.ts';
import { watchTokens } from './token-counter.ts';
import { createCookieBar } from './uninvited.ts';

const UNTITLED = 'Playground';
const LONGEST_TITLE = 30;

/** Puts the page together: the chat and what belongs to it, in the document's own order. */
export function showPage(app: App): void {
  const { live, effects, variant } = app;
  const chat = createChat(app);
  const attachments = createAttachments(app);
  const runner = createRunner(app, chat);
  const prompt = createPromptBox(app, attachments, {
    onRun: (text, files) => void runner.send(text, files),
    onAppend: (text) => void chat.addText(chat.addTurn('user'), text),
    onStop: () => runner.stop(),
  });
  const title = h('h1.mode-title', {}, UNTITLED);
  const setTitle = (text: string): void =>
    effects.after(() => {
      fill(title, text);
      const short = text.slice(0, LONGEST_TITLE);
      document.title = text === UNTITLED ? 'Google AI Studio' : `${short} | Google AI Studio`;
    });
  const autosave = createAutosave(app, chat, setTitle);
  /** Model, tools, system instructions stay; since U3 a temporary chat stays one as well. */
  const startNewChat = (): void => {
    autosave.forget();
    chat.clear();
    prompt.clear();
    runner.forget();
    setTitle(UNTITLED);
    if (variant !== 'u3') app.isTemporary.set(false);
    history.pushState(null, '', pathOf('/prompts/new_chat'));
  };
  watchTokens(app, chat, prompt);
  keepOldChat(app, chat);
  prompt.text.watch((text) => {
    if (text !== '' && live.take('settings-reset'))
      app.settings.set(defaultSettings(app.settings.value.model));
  });
  const panel = createRunSettings(app, createModelChoice(app, chat));
  const toolbar = createToolbar(app, {
    title,
    tokenCount: variant === 'u3' ? createTokenCount(app) : h('span'),
    buttons: [
      ...(variant === 'u3' ? [] : [createTemporaryChatToggle(app, chat)]),
      createNewChatButton(app, chat, prompt, autosave, startNewChat),
      createMoreActions(app, chat),
      panel.toggle,
    ],
  });
  const main = h(
    'section.chunk-editor-main',
    {},
    h('div[msglobalfiledragdrop]'),
    toolbar,
    createPaidCallout(app),
    createTemporaryChatIndicator(app),
    chat.element,
    h('footer', {}, h('ms-chat-bottom-overlay'), prompt.element),
  );
  const editor = h('ms-prompt-renderer', {}, h('ms-chunk-editor', {}, main, panel.element));
  document.body.prepend(createCookieBar(app));
  document.querySelector('app-root')?.replaceChildren(h('router-outlet'), frame(app, editor));
  prompt.focus();
}

/** Everything around the chat. */
function frame(app: App, editor: HTMLElement): HTMLElement {
  return h(
    'ms-app',
    {},
    h(
      'div.banner-and-app-container',
      {},
      h('button.skip-content', {}, 'Skip to main content'),
      h('ms-global-banner'),
      h('ms-omnibar'),
      h(
        'div.makersuite-layout',
        {},
        h('div.sidebar-overlay'),
        createNavbar(app),
        h(
          'div.layout-wrapper[role="main"]',
          {},
          h(
            'div.layout-main[tabindex="-1"]',
            {},
            h('span.router-outlet-wrapper', {}, h('router-outlet'), editor),
          ),
        ),
      ),
    ),
  );
}
