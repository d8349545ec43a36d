import { numberAt } from '../wire/message.ts';
import { type App } from './app.ts';
import { type Chat } from './chat.ts';
import { delay } from './dom.ts';
import { type PromptBox } from './prompt-box.ts';
import { countTokensRequest } from './request.ts';

/** Keeps the token count up to date: asks the service a moment after the last change (wire.md §7). */
export function watchTokens(app: App, chat: Chat, prompt: PromptBox): void {
  let latest = 0;
  const recount = async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    await delay(app.live.timing.countTokens);
    const { model } = app.settings.value;
    if (mine !== latest || !model) return;
    const text = prompt.text.value;
    const contents = [
      ...chat.contents,
      ...(text === '' ? [] : [[[[null, text]], 'user'] as const]),
    ];
    if (contents.length === 0) return app.tokenTotal.set(0);
    try {
      const reply = await app.rpc.call(
        'CountTokens',
        countTokensRequest(contents, app.settings.value),
      );
      if (mine === latest) app.tokenTotal.set(numberAt(reply, 0) ?? 0);
    } catch {
      app.toasts.show('error', 'Failed to count tokens');
    }
  };
  prompt.text.watch(() => void recount());
  app.settings.watch(() => void recount());
}
