import { message, stringAt } from '../wire/message.ts';
import { pathOf } from './addresses.ts';
import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { preferences } from './preferences.ts';

/** Saves the chat a while after it changed, unless it is temporary (page.md §8). */
export interface Autosave {
  /** Whether what is on the page is saved. */
  readonly isSaved: boolean;
  /** Forgets the saved chat: a new one begins. */
  forget(): void;
}

/** Watches the chat. The first save gives it an address and a title of its own. */
export function createAutosave(app: App, chat: Chat, onTitle: (title: string) => void): Autosave {
  const { live, rpc, runState, isTemporary } = app;
  let timer = 0;
  let id: string | undefined;
  let isSaved = false;

  const save = async (): Promise<void> => {
    const record = toRecord(app, chat, id);
    if (id !== undefined) await rpc.call('UpdatePrompt', [record]);
    else {
      id = stringAt(await rpc.call('CreatePrompt', [record]), 0) ?? 'prompts/unknown';
      history.pushState(null, '', pathOf(`/${id}`));
      onTitle(stringAt(await rpc.call('GenerateTitle', [chat.contents]), 0) ?? 'Untitled prompt');
    }
    isSaved = true;
  };
  const later = (): void => {
    window.clearTimeout(timer);
    isSaved = false;
    if (isTemporary.value || !preferences.value.autosaveEnabled || chat.turnCount === 0) return;
    const ms = live.take('chat-url-changes') ? 0 : live.timing.autosave;
    timer = window.setTimeout(() => void save().catch(() => {}), ms); // an unsaved chat is no disaster
  };
  chat.watch(later);
  runState.watch(later);

  return {
    get isSaved() {
      return isSaved;
    },
    forget() {
      window.clearTimeout(timer);
      id = undefined;
      isSaved = false;
    },
  };
}

/** The record of a saved prompt, as far as it is known (wire-format.md §10). */
function toRecord({ settings }: App, chat: Chat, id: string | undefined): unknown[] {
  const turns = chat.contents.flatMap(([parts, role]) =>
    parts.map((part) => message({ 0: stringAt(part, 1), 8: role, 16: 1 })),
  );
  const { model, temperature, topP, maxOutputTokens } = settings.value;
  return message({
    0: id,
    3: message({ 2: `models/${model?.id ?? ''}`, 4: temperature, 5: topP, 6: maxOutputTokens }),
    4: ['Untitled prompt'],
    13: [turns],
  });
}
